// Package restsource turns a "source: rest" configuration into a low-code manifest, so that any
// REST API is read by the components that read manifests.
//
// This configuration
//
//	base_url: https://api.example.com/v1
//	auth: {type: bearer, token: s3cret}
//	streams:
//	  - name: items
//	    path: /items
//	    primary_key: [id]
//	    params: {status: open}
//	    pagination: {type: page, size_param: limit, page_size: 50}
//	    schema: {type: object, properties: {id: {type: integer}}}
//
// amounts to this manifest:
//
//	version: 7.39.1
//	type: DeclarativeSource
//	check: {type: CheckStream, stream_names: [items]}
//	concurrency_level: {type: ConcurrencyLevel, default_concurrency: "{{ config.get('concurrency', 4) }}", max_concurrency: 64}
//	metadata: {x-anytap: {name: rest}}
//	streams:
//	  - type: DeclarativeStream
//	    name: items
//	    primary_key: [id]
//	    retriever:
//	      type: SimpleRetriever
//	      requester:
//	        type: HttpRequester
//	        url_base: "{{ config['base_url'] }}"
//	        path: "/items?status={{ config['streams'][0]['params']['status']|urlencode }}"
//	        http_method: GET
//	        authenticator: {type: BearerAuthenticator, api_token: "{{ '%r'|format(config['auth']['token']) }}"}
//	        error_handler:
//	          type: DefaultErrorHandler
//	          response_filters:
//	            - {type: HttpResponseFilter, http_codes: [405], action: FAIL, failure_type: config_error, error_message: "the API does not take GET here: write method: POST, and in: body below pagination if the page goes into the body"}
//	            - type: HttpResponseFilter
//	              http_codes: [402, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 422, 423, 424, 428, 431, 451]
//	              action: FAIL
//	      record_selector: {type: RecordSelector, extractor: {type: FirstListExtractor, lists_only: true}}
//	      paginator:
//	        type: DefaultPaginator
//	        pagination_strategy: {type: PageIncrement, start_from_page: 1, inject_on_first_request: true, page_size: 50}
//	        page_token_option: {type: RequestOption, inject_into: request_parameter, field_name: page}
//	        page_size_option: {type: RequestOption, inject_into: request_parameter, field_name: limit}
//	    x-anytap: {pages: {strict: true, names: {records: records_path}}}
//	    schema_loader: {type: InlineSchemaLoader, schema: {type: object, properties: {id: {type: integer}}}}
//	spec: {type: Spec, connection_specification: {type: object, properties: {}}}
//
// Values of the configuration that may be secret stay there: the manifest looks them up with
// templates. Each setting becomes:
//
//	restsource.go  concurrency                         concurrency_level
//	defaults.go    defaults                            what streams leave out
//	stream.go      name, primary_key                   the stream's own
//	               records_path                        a DpathExtractor; without one, a FirstListExtractor
//	               schema                              an InlineSchemaLoader; without one, an InferredSchemaLoader
//	replication.go replication_key and all that goes
//	               with it                             a ReplicationKeyCursor
//	changes.go     change_path, change_param           a ChangeTokenCursor, and the stream's x-anytap: {pages: {changes: …}}
//	partition.go   parent, include, values             a SubstreamPartitionRouter, AddFields, a ListPartitionRouter;
//	                                                   family.go has the streams that are each other's parents, and
//	                                                   placeholder.go what stands in braces in paths, parameters and bodies
//	request.go     base_url, path, params, headers     an HttpRequester
//	body.go        method, body, form                  its method and body
//	responses.go   responses                           AnswerRules of its error handler
//	auth.go        auth                                its authenticator, by type
//	login.go       auth of type login                  a LoginAuthenticator
//	oauth.go       auth of type oauth2                 an OAuthAuthenticator
//	pagination.go  pagination                          a DefaultPaginator, whose strategy goes by type
//	pointer.go     cursor_path, cursor_header,
//	               cursor_field, params                the strategy's cursor
//	place.go       in                                  where tokens and sizes go in a request
//	answer.go      format, delimiter, header, charset  a FormatDecoder, which streams without them have too
//	               columns, records_key                the stream's x-anytap: {records: …}
//	               flatten                             LiftFields among the transformations
//	ending.go      total_path, pages_path,
//	               has_more_path, first_offset,
//	               trust_total, records_optional       the stream's x-anytap: {pages: {total: …, …}}, by which the page loop judges the end
//	path.go        every setting that is a path        a template, or the segments of a field_path
//
// A new setting stands in spec.json with a title and a description, in each type of pagination or
// auth that uses it and in no other; to set it where it has no effect is an error. Its topic's file
// translates it.
//
// FirstListExtractor, InferredSchemaLoader, ReplicationKeyCursor, ChangeTokenCursor,
// ExactJsonBody, AnswerRule, NextAddress, TokenMembers, FormatDecoder, LiftFields and some
// authenticators are anytap's own components.
package restsource

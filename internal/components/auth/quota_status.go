package auth

import (
	"net/http"

	"anytap/internal/jinja"
	"anytap/internal/manifest"
	"anytap/internal/rest"
	"anytap/internal/rest/exchange"
	"anytap/internal/value"
)

// QuotaStatusDefinition configures the request that asks an API what a token has left of its
// quotas.
//
//	type: QuotaStatusSource
//	url: "https://api.example.com/rate_limit"
type QuotaStatusDefinition struct {
	URL         *jinja.String     `manifest:"url,required" doc:"The address."`
	Method      string            `manifest:"http_method,enum=GET|POST,default=GET" doc:"The HTTP method."`
	Headers     []manifest.Member `manifest:"request_headers,of=string" doc:"Further headers."`
	Unavailable []int64           `manifest:"unavailable_status_codes,unique" doc:"Statuses that mean that the API counts nothing."`
}

// buildQuotaStatus builds a QuotaStatusSource.
func buildQuotaStatus(c *manifest.Compiler, n *manifest.Node) (*quotaStatus, error) {
	var def QuotaStatusDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	r := runOf(c)
	s := &quotaStatus{method: def.Method, headers: value.NewDict(len(def.Headers)), unavailable: def.Unavailable}
	var err error
	if s.address, err = def.URL.Text(r.env); err != nil {
		return nil, n.Get("url").Problem("%v", err)
	}
	for _, m := range def.Headers {
		text, err := configText(c, m.Node)
		if err != nil {
			return nil, err
		}
		s.headers.Set(m.Name, text)
	}
	return s, nil
}

// configText evaluates a template of the configuration.
func configText(c *manifest.Compiler, n *manifest.Node) (string, error) {
	source, _ := n.Text()
	t, err := jinja.CompileString(source, nil)
	if t == nil {
		return "", n.Problem("%v", err)
	}
	text, err := t.Text(c.ConfigEnv())
	if err != nil {
		return "", n.Problem("%v", err)
	}
	return text, nil
}

// quotaStatus is where an API says what a token has left.
type quotaStatus struct {
	address, method string
	headers         *value.Dict
	unavailable     []int64
}

// exchange is for the requests to the source. Errors are handled by the reference runtime's
// defaults.
func (s *quotaStatus) exchange(client *exchange.Client) *exchange.Endpoint {
	return client.NewEndpoint(exchange.Setup{
		Stream: "quota_status", Method: s.method, NoStore: true, NoBudget: true,
		Handler: statusJudge{ErrorHandler: rest.DefaultErrorHandler{}, unavailable: s.unavailable},
	})
}

// statusJudge ignores the answers whose status says that the API counts nothing.
type statusJudge struct {
	rest.ErrorHandler
	unavailable []int64
}

// Judge ignores these statuses.
func (j statusJudge) Judge(a *rest.Answer) (rest.Verdict, error) {
	if a.Err == nil {
		for _, status := range j.unavailable {
			if int64(a.Status) == status && status >= http.StatusBadRequest {
				return rest.Verdict{Action: rest.Ignore, Message: "the API says that it counts no calls"}, nil
			}
		}
	}
	return j.ErrorHandler.Judge(a)
}

// Package registry gets connectors by name from Airbyte's public registry, or from one that is laid
// out like it, and manifests by their address.
//
// A registry is a folder of files behind http or https:
//
//	registries/v0/oss_registry.json                  the list of all connectors
//	metadata/airbyte/NAME/VERSION/manifest.yaml      a connector's manifest
//	metadata/airbyte/NAME/VERSION/components.zip     its Python code, if it has any
//
// What was fetched is kept in a cache, in a folder for each content. A lock file says which version
// and content a project uses: the first use writes it down, and later uses take just that, without
// a request if the cache has it. A registry that gives something else for a locked version is an
// error, until the user takes it over ([Registry.Update]).
//
// Nothing that a registry says is trusted: names and versions are letters of a few kinds, sizes
// have bounds, archives give one file by its name, redirects lead to http and https only. Requests
// carry no credentials.
//
//	reference.go   how a connector is named
//	registry.go    a Registry; Find, Get and Update
//	fetch.go       requests, and what a connector consists of
//	list.go        the list of connectors
//	cache.go       what was fetched before
//	lock.go        the lock file
package registry

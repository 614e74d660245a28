package sampleapi

import (
	"fmt"
	"net/http"
	"strconv"
)

// controlPath is where a request adds records, beside the registry's files:
//
//	POST /append/jsonplaceholder/posts?n=3
const controlPath = "/append/"

// controlHandler adds records to the list that the path names, as Append does.
func (s *Server) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+controlPath+"{system}/{list...}", func(w http.ResponseWriter, r *http.Request) {
		system, list := System(r.PathValue("system")), r.PathValue("list")
		n, err := strconv.Atoi(r.URL.Query().Get("n"))
		switch {
		case s.sites[system] == nil:
			err = fmt.Errorf("no system %q", system)
		case err != nil || n < 1:
			err = fmt.Errorf("n is %q, want how many records to add", r.URL.Query().Get("n"))
		default:
			err = s.Append(system, list, n)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	return mux
}

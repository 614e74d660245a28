package retriever

import (
	"anytap/internal/manifest"
	"anytap/internal/rest/jobs"
)

// StatusMapDefinition configures an AsyncJobStatusMap: what the API's words for the state of a job
// mean.
//
//	type: AsyncJobStatusMap
//	running: [queued, started]
//	completed: [done]
//	failed: [error]
//	timeout: [expired]
//	skipped: [no_data]
type StatusMapDefinition struct {
	_         struct{} `manifest:",typeoptional"`
	Running   []string `manifest:"running,required" doc:"The job goes on."`
	Completed []string `manifest:"completed,required" doc:"It can be downloaded."`
	Failed    []string `manifest:"failed,required" doc:"It is created anew, three times in all."`
	Timeout   []string `manifest:"timeout,required" doc:"It took too long: it is aborted and created anew."`
	Skipped   []string `manifest:"skipped" doc:"There is nothing to download."`
}

// buildStatusMap builds an AsyncJobStatusMap.
func buildStatusMap(c *manifest.Compiler, n *manifest.Node) (map[string]jobs.Status, error) {
	var def StatusMapDefinition
	if err := manifest.Decode(c, n, &def); err != nil {
		return nil, err
	}
	statuses := map[string]jobs.Status{}
	for _, part := range []struct {
		words  []string
		status jobs.Status
	}{
		{def.Running, jobs.Running}, {def.Completed, jobs.Completed}, {def.Failed, jobs.Failed},
		{def.Timeout, jobs.TimedOut}, {def.Skipped, jobs.Skipped},
	} {
		for _, word := range part.words {
			if before, ok := statuses[word]; ok {
				return nil, n.Get(string(part.status)).Problem("%q stands under %s already, expected each status once", word, before)
			}
			statuses[word] = part.status
		}
	}
	return statuses, nil
}

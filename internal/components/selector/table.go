package selector

import "anytap/internal/manifest"

// Table is this package's part of the component table. A manifest does not write the name
// DownloadSelector: it is the selector of an asynchronous retriever's downloads.
func Table() manifest.Table {
	return manifest.Table{
		"RecordSelector":          {Build: manifest.As(buildSelector), Definition: func() any { return selectorDefinition{} }},
		"RecordFilter":            {Build: manifest.As(buildFilter), Definition: func() any { return filterDefinition{} }},
		"DpathExtractor":          {Build: manifest.As(buildDpath), Definition: func() any { return dpathDefinition{} }},
		"CombinedExtractor":       {Build: manifest.As(buildCombined), Definition: func() any { return combinedDefinition{} }},
		"FirstListExtractor":      {Build: manifest.As(buildFirstList), Definition: func() any { return firstListDefinition{} }},
		"ResponseToFileExtractor": {Build: manifest.As(buildResponseToFile), Definition: func() any { return responseToFileDefinition{} }},
		"RecordExpander":          {Build: manifest.As(buildExpander), Definition: func() any { return expanderDefinition{} }},
		"ParentFieldPath":         {Build: manifest.As(buildParentField), Definition: func() any { return parentFieldDefinition{} }},
		"DownloadSelector":        {Build: manifest.As(buildDownload)},
	}
}

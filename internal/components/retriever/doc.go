// Package retriever compiles retrievers. It answers the question: how are the records of a slice
// read, page by page or as a job?
//
// Its components are SimpleRetriever with PageSizeReduction, PaginationReset, PaginationResetLimits
// and RequestWindowSplitting, and AsyncRetriever with AsyncJobStatusMap.
package retriever

// Package partition compiles partition routers. It answers the question: into which parts is a
// stream cut, that are asked for one by one? The parts are the values of a list, or the records of
// parent streams.
//
// Its components are ListPartitionRouter, SubstreamPartitionRouter with ParentStreamConfig,
// GroupingPartitionRouter and UnionPartitionRouter. A list of routers stands for all combinations
// of their partitions.
package partition

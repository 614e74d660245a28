// Package cursor compiles incremental_sync components. It answers the question: what does the next
// run still have to read? A cursor cuts a stream into windows of its cursor field, follows the
// records that are written, and makes the state for the next run.
//
// Its components are DatetimeBasedCursor with MinMaxDatetime, IncrementingCountCursor,
// ReplicationKeyCursor and LegacyToPerPartitionStateMigration. A DatetimeBasedCursor opens as
// single, or as partitioned where there are partitions.
package cursor

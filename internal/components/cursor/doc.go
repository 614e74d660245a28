// Package cursor compiles incremental_sync components: it cuts a stream into windows of its cursor field,
// follows the records that were written, and makes the state that the next run starts from.
package cursor

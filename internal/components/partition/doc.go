// Package partition compiles partition routers: they cut a stream by the values of a list, or by the records of parent
// streams, into parts that are asked for one by one.
package partition

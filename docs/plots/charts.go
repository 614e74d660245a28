package main

import "image/color"

// chart is one plot: a value of every program, against whatever the bench varied.
type chart struct {
	file, title, x, y string
	axis              string // the axis of the points that are drawn
	value             func(benchCase, round) float64
	fromZero          bool // the y axis is linear and starts at zero; otherwise it is logarithmic, as every x axis is
}

var charts = []chart{
	{file: "page-size.svg", axis: "page size", title: "Full read: records a second against page size",
		x: "records a page", y: "records/s", value: recordRate},
	{file: "page-size-cpu.svg", axis: "page size", title: "Full read: processor time of a record against page size",
		x: "records a page", y: "µs of CPU a record", value: recordCPU},
	{file: "memory.svg", axis: "records", title: "Full read: peak memory against records",
		x: "records", y: "peak memory, MB", value: memory, fromZero: true},
	{file: "latency-list.svg", axis: "latency of a list", title: "One list of 100 pages: time against latency",
		x: "latency of an answer, ms", y: "seconds", value: wall},
	{file: "latency-partitions.svg", axis: "latency of partitions", title: "20 partitions of 10 pages, 10 in flight: time against latency",
		x: "latency of an answer, ms", y: "seconds", value: wall},
	{file: "concurrency.svg", axis: "concurrency", title: "20 partitions of 10 pages, latency 50 ms: time against concurrency",
		x: "requests in flight", y: "seconds", value: wall},
	{file: "start-spec.svg", axis: "spec", title: "spec: time against the manifest's size",
		x: "manifest, KB", y: "seconds", value: wall},
	{file: "start-discover.svg", axis: "discover", title: "discover: time against the manifest's size",
		x: "manifest, KB", y: "seconds", value: wall},
	{file: "start-discover-memory.svg", axis: "discover", title: "discover: peak memory against the manifest's size",
		x: "manifest, KB", y: "peak memory, MB", value: memory, fromZero: true},
}

func wall(_ benchCase, r round) float64       { return r.Wall }
func cpu(_ benchCase, r round) float64        { return r.CPU }
func memory(_ benchCase, r round) float64     { return r.RSS / 1024 }
func recordRate(c benchCase, r round) float64 { return c.Records / r.Wall }
func recordCPU(c benchCase, r round) float64  { return r.CPU * 1e6 / c.Records }

// program says how one of the bench's programs is shown.
type program struct {
	name, label string
	color       color.RGBA
	dashed      bool
}

// programs are in the order of the legend. Other programs of the bench are not drawn.
var programs = []program{
	{name: "candidate-airbyte", label: "anytap, Airbyte", color: color.RGBA{R: 0x0b, G: 0x6e, B: 0x4f, A: 0xff}},
	{name: "candidate-singer", label: "anytap, Singer", color: color.RGBA{R: 0x3d, G: 0xb8, B: 0x8a, A: 0xff}},
	{name: "floor-record", label: "floor: cuts only", color: color.RGBA{R: 0x77, G: 0x77, B: 0x77, A: 0xff}, dashed: true},
	{name: "cdk", label: "Airbyte CDK", color: color.RGBA{R: 0xc2, G: 0x3b, B: 0x22, A: 0xff}},
	{name: "singer-sdk", label: "Meltano SDK, simplejson", color: color.RGBA{R: 0x5b, G: 0x4b, B: 0xc4, A: 0xff}},
	{name: "singer-sdk-msgspec", label: "Meltano SDK", color: color.RGBA{R: 0x9b, G: 0x8f, B: 0xe8, A: 0xff}},
	{name: "dlt-extract", label: "dlt, extraction", color: color.RGBA{R: 0xd9, G: 0x8e, B: 0x04, A: 0xff}},
}

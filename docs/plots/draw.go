package main

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

const (
	width, height = 18 * vg.Centimeter, 10 * vg.Centimeter
	legendWidth   = 4.6 * vg.Centimeter
	margin        = 4
)

// draw writes the chart as SVG. drawn is false if there are no figures for it.
func (c chart) draw(f *figures, out io.Writer) (drawn bool, err error) {
	points := f.on(c.axis)
	p, legend := plot.New(), plot.NewLegend()
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = color.Gray{Y: 0xdd}, color.Gray{Y: 0xdd}
	p.Add(grid)
	for _, prog := range programs {
		xys := c.line(points, prog.name)
		if len(xys) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(xys)
		if err != nil {
			return false, err
		}
		line.Color, line.Width = prog.color, vg.Points(1.4)
		if prog.dashed {
			line.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
		}
		dots.Color, dots.Shape, dots.Radius = prog.color, draw.CircleGlyph{}, vg.Points(2.2)
		p.Add(line, dots)
		legend.Add(prog.label, line, dots)
		drawn = true
	}
	if !drawn {
		return false, nil
	}
	c.axes(p)
	sans(p, &legend)
	p.Title.Text = fmt.Sprintf("%s\n%s, %s, medians", c.title, dates(points), f.Machine)
	legend.Top, legend.Left, legend.YOffs = true, true, -vg.Centimeter
	legend.ThumbnailWidth, legend.Padding = 0.9*vg.Centimeter, vg.Points(3)

	canvas := vgsvg.New(width, height)
	whole := draw.New(canvas)
	whole.SetColor(color.White)
	whole.Fill(whole.Rectangle.Path())
	p.Draw(draw.Crop(whole, margin, -legendWidth, margin, -margin))
	legend.Draw(draw.Crop(whole, width-legendWidth+vg.Points(8), 0, 0, 0))
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return false, err
	}
	_, err = out.Write(bytes.ReplaceAll(svg.Bytes(), []byte("font-family:Liberation Sans"), []byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif")))
	return true, err
}

// sans sets the plot's texts in a sans-serif face; every system has a similar one.
func sans(p *plot.Plot, l *plot.Legend) {
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &l.TextStyle} {
		style.Font.Variant = "Sans"
	}
	for _, small := range []*text.Style{&p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &l.TextStyle} {
		small.Font.Size = vg.Points(9)
	}
	p.Title.TextStyle.Font.Size = vg.Points(11)
}

// line gives a program's values, except those that a logarithmic axis can not show.
func (c chart) line(points []point, program string) plotter.XYs {
	var xys plotter.XYs
	for _, p := range points {
		y, ok := median(p.Bench, program, c.value)
		if ok && p.X > 0 && y > 0 && !math.IsInf(y, 0) {
			xys = append(xys, plotter.XY{X: p.X, Y: y})
		}
	}
	return xys
}

// axes labels and scales the axes.
func (c chart) axes(p *plot.Plot) {
	p.X.Label.Text, p.Y.Label.Text = c.x, c.y
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.TickerFunc(logTicks)
	p.X.Min, p.X.Max = p.X.Min/1.1, p.X.Max*1.1
	p.Title.Padding, p.X.Padding, p.Y.Padding = vg.Points(6), 0, 0
	if c.fromZero {
		p.Y.Min, p.Y.Max = 0, p.Y.Max*1.1
	} else {
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(logTicks)
		p.Y.Min, p.Y.Max = p.Y.Min/1.3, p.Y.Max*1.3
	}
}

// logTicks labels the powers of ten and, on an axis with few of them, also their doubles and fivefolds.
func logTicks(lowest, highest float64) []plot.Tick {
	few := math.Log10(highest/lowest) < 3.2
	var ticks []plot.Tick
	for power := math.Pow(10, math.Floor(math.Log10(lowest))); power <= highest; power *= 10 {
		for n := 1; n < 10; n++ {
			v := float64(n) * power
			if v < lowest || v > highest {
				continue
			}
			t := plot.Tick{Value: v}
			if n == 1 || few && (n == 2 || n == 5) {
				t.Label = number(v)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// number writes thousands as k and millions as M.
func number(v float64) string {
	unit := ""
	switch {
	case v >= 1e6:
		v, unit = v/1e6, " M"
	case v >= 1e4:
		v, unit = v/1e3, " k"
	}
	return strconv.FormatFloat(v, 'g', 4, 64) + unit
}

// dates gives the day on which the points were measured, or the first and the last day.
func dates(points []point) string {
	first, last := points[0].Date, points[0].Date
	for _, p := range points {
		first, last = min(first, p.Date), max(last, p.Date)
	}
	if first == last {
		return first
	}
	return first + " to " + last
}

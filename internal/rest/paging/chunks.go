package paging

import (
	"anytap/internal/tap"
	"anytap/internal/value"
)

// readChunks reads a page that is asked for in several requests, each for some of the properties.
// Records of one key are joined; those without a key come first. The last answer is the page's, as
// the paginator sees it.
func (w *walk) readChunks() (*page, error) {
	p := &page{}
	chunks, err := w.Properties.Chunks(w.ctx)
	if err != nil {
		return p, err
	}
	m := merger{by: w.Properties}
	for _, chunk := range chunks {
		if chunk == nil {
			chunk = []string{}
		}
		if err = w.chunk(p, chunk, &m); err != nil {
			break
		}
	}
	records := m.alone
	if err == nil {
		records = append(records, m.joined()...)
	}
	if len(records) > 0 {
		if handErr := w.take(p, records); handErr != nil {
			return p, handErr
		}
	}
	return p, err
}

func (w *walk) chunk(p *page, names []string, m *merger) error {
	request, err := w.request(w.token, names)
	if err != nil {
		return err
	}
	p.close(w)
	p.request = request
	send := w.sender()
	if p.response, err = send.send(w.ctx, request, nil); err != nil || p.response == nil {
		return err
	}
	for batch, err := range w.Selector.Select(w.ctx, p.response, send.selection(request)) {
		if mergeErr := m.add(batch); mergeErr != nil {
			return mergeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// merger joins the records of one page's chunks.
type merger struct {
	by    Properties
	alone []tap.Record
	order []*value.Dict
	keyed map[string]*value.Dict
}

func (m *merger) add(batch []tap.Record) error {
	if !m.by.Merges() {
		m.alone = append(m.alone, batch...)
		return nil
	}
	for _, r := range batch {
		key, ok, err := m.by.MergeKey(r.Data)
		if err != nil {
			return err
		}
		if !ok {
			m.alone = append(m.alone, r)
			continue
		}
		if have := m.keyed[key]; have != nil {
			deepMerge(have, r.Data)
			continue
		}
		if m.keyed == nil {
			m.keyed = map[string]*value.Dict{}
		}
		m.keyed[key] = r.Data
		m.order = append(m.order, r.Data)
	}
	return nil
}

func (m *merger) joined() []tap.Record {
	records := make([]tap.Record, len(m.order))
	for i, d := range m.order {
		records[i].Data = d
	}
	return records
}

// deepMerge sets into's members to those of from; objects that both have are merged in turn.
func deepMerge(into, from *value.Dict) {
	for k, v := range from.AllKeys() {
		inner, isDict := v.(*value.Dict)
		have, ok := into.GetKey(k)
		if outer, both := have.(*value.Dict); ok && isDict && both {
			deepMerge(outer, inner)
			continue
		}
		into.SetKey(k, v)
	}
}

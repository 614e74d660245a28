package signs

// role is what a member with a usual name says.
type role uint8

const (
	none       role = iota
	container       // an object that tells of paging
	next            // the address or token of the next page
	mayBeNext       // such a token, or that of this page; some APIs write it on the last page too
	more            // true where more follows
	mayBeMore       // the same, or something else
	last            // true where nothing follows
	mayBeLast       // the same, or something else
	total           // the number of all records
	mayBeTotal      // the same, or the number of the page's records
	pages           // the number of all pages
	size            // records of a full page
	number          // the number of the page
	offset          // the number of its first record
	fault           // an error, where it is true
	good            // an error, where it is false
	status          // a word
)

// roles are the names in use, in lower case and without what is not a letter or a digit.
var roles = map[string]role{
	"links": container, "link": container, "paging": container, "pagination": container, "paginator": container,
	"meta": container, "metadata": container, "page": container, "pages": container, "pageinfo": container, "paginginfo": container,
	"pagemetadata": container, "pagingmetadata": container, "paginationinfo": container, "paginationmetadata": container,
	"responsemetadata": container, "resultinfo": container, "listinfo": container, "pagecontext": container, "searchmetadata": container,
	"cursors": container, "cursor": container, "info": container, "hits": container, "response": container, "result": container,
	"results": container, "data": container, "d": container, "feed": container, "list": container, "collection": container,
	"querycontinue": container,

	"next": next, "nextpage": next, "nextlink": next, "nextpagelink": next, "nexturl": next, "nexturi": next, "nexthref": next,
	"nextpageurl": next, "nextpageuri": next, "nextpagetoken": next, "nexttoken": next, "nextcursor": next, "nextpagecursor": next,
	"nextcontinuationtoken": next, "continuationtoken": next, "continuation": next, "continue": next, "nextmarker": next,
	"nextoffset": next, "nextstart": next, "nextstartindex": next, "nextstartat": next, "nextrecordsurl": next, "odatanextlink": next,
	"iotnextlink": next, "nextpageid": next, "nextpagenumber": next, "nextpageno": next, "nextkey": next, "nextstartkey": next,
	"lastevaluatedkey": next, "resumptiontoken": next, "nextpagepath": next, "nextpath": next, "nextbatch": next, "nextpagestart": next,
	"pagingtoken": next, "nextid": next, "nextrequest": next, "nextref": next, "nextquery": next, "nextposition": next,
	"nextcursormark": next,

	"endcursor": mayBeNext, "after": mayBeNext, "scrollid": mayBeNext, "marker": mayBeNext, "bookmark": mayBeNext, "pagetoken": mayBeNext,
	"searchafter": mayBeNext, "lastkey": mayBeNext, "lastid": mayBeNext, "resumetoken": mayBeNext,

	"hasmore": more, "hasnext": more, "hasnextpage": more, "hasmorepages": more, "hasmoreitems": more, "hasmoreresults": more,
	"hasmorerecords": more, "hasmoredata": more, "hasmorepage": more, "hasmorerows": more, "morerecords": more, "moreresults": more,
	"moreitems": more, "moredata": more, "morepages": more, "morerows": more, "moredataavailable": more, "moreresultsavailable": more,
	"moreavailable": more, "istruncated": more, "hasadditional": more, "nextpageexists": more, "hasremaining": more,
	"more": mayBeMore, "truncated": mayBeMore,

	"last": last, "islast": last, "lastpage": last, "islastpage": last, "endofrecords": last, "endoflist": last, "endofresults": last,
	"isend": last, "nomore": last, "nomoreresults": last, "isfinalpage": last, "reachedend": last, "isfinal": last,
	"done": mayBeLast, "end": mayBeLast, "finished": mayBeLast, "exhausted": mayBeLast, "complete": mayBeLast, "eof": mayBeLast,
	"isdone": mayBeLast, "final": mayBeLast,

	"total": total, "totalcount": total, "totalrecords": total, "totalresults": total, "totalitems": total, "totalelements": total,
	"totalentries": total, "totalhits": total, "totalsize": total, "totalrows": total, "totalrecordcount": total, "totalresultcount": total,
	"totalresultscount": total, "totalitemcount": total, "totalobjects": total, "totalmatches": total, "totalnumber": total,
	"totalnum": total, "totaldocs": total, "totalmatching": total, "totalavailable": total, "numfound": total, "nbhits": total,
	"fullcount": total, "recordsfiltered": total, "odatacount": total, "iotcount": total, "countall": total, "allcount": total,
	"opensearchtotalresults": total, "xtotalcount": total, "grandtotal": total, "totalcounts": total, "numresults": mayBeTotal,
	"count": mayBeTotal, "recordcount": mayBeTotal, "resultcount": mayBeTotal, "itemcount": mayBeTotal, "numrecords": mayBeTotal,
	"numberofrecords": mayBeTotal, "numberofresults": mayBeTotal, "matches": mayBeTotal, "numitems": mayBeTotal, "rowcount": mayBeTotal,
	"keycount": mayBeTotal,

	"totalpages": pages, "totalpage": pages, "totalpagecount": pages, "pagecount": pages, "numpages": pages, "pagestotal": pages,
	"nbpages": pages, "pagetotal": pages, "maxpage": pages, "pagestotalcount": pages, "numberofpages": pages, "pagescount": pages,

	"perpage": size, "pagesize": size, "itemsperpage": size, "resultsperpage": size, "recordsperpage": size, "maxresults": size,
	"limit": size, "pagelimit": size, "size": size, "opensearchitemsperpage": size, "rowsperpage": size, "hitsperpage": size,
	"entriesperpage": size, "maxitems": size, "maxpagesize": size,

	"currentpage": number, "pagenumber": number, "pageno": number, "pageindex": number, "pagenum": number, "number": number,
	"pagecurrent": number, "thispage": number,

	"offset": offset, "start": offset, "startat": offset, "startindex": offset, "skip": offset, "startindexof": offset,
	"opensearchstartindex": offset, "pageoffset": offset, "startoffset": offset, "skipcount": offset,

	"error": fault, "errors": fault, "err": fault, "fault": fault, "exception": fault, "errormessage": fault, "errorcode": fault,
	"errmsg": fault, "errormsg": fault, "errormessages": fault,
	"ok": good, "success": good, "succeeded": good, "issuccess": good, "successful": good,
	"status": status,
}

// roleOf finds the role of a name. Two spellings of OData 2 say more than their letters.
func roleOf(name string) role {
	for i := range len(name) {
		if name[i] >= 0x80 {
			return none
		}
	}
	var room [48]byte
	r := roles[string(appendPlain(room[:0], name))]
	if r == mayBeTotal && name == "__count" {
		return total
	}
	return r
}

// Plain is a name without case and marks: its ASCII letters, in lower case, and its digits.
func Plain(name string) string { return string(appendPlain(nil, name)) }

func appendPlain(to []byte, name string) []byte {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			to = append(to, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			to = append(to, c)
		}
	}
	return to
}

// headerRoles are the headers that tell of paging, by their canonical names.
var headerRoles = []struct {
	name string
	role role
}{
	{"X-Next-Page", next}, {"X-Next-Cursor", next}, {"X-Next-Page-Token", next}, {"X-Next-Token", next}, {"X-Next", next},
	{"X-Continuation-Token", next}, {"X-Ms-Continuation", next}, {"X-Ms-Continuationtoken", next}, {"Next-Page", next}, {"Next-Cursor", next},
	{"X-Pagination-Next", next}, {"X-Pagination-Next-Cursor", next}, {"X-Cursor-Next", next}, {"X-Page-Next", next}, {"X-Next-Url", next},
	{"X-Page-Token-Next", next}, {"Next-Page-Token", next}, {"Next-Token", next}, {"X-Next-Link", next}, {"X-Next-Page-Url", next},
	{"X-Has-More", more}, {"X-Has-Next", more}, {"X-Has-Next-Page", more}, {"X-Has-More-Pages", more}, {"X-Pagination-Has-More", more},
	{"X-Total-Count", total}, {"X-Total", total}, {"X-Wp-Total", total}, {"X-Pagination-Total-Count", total}, {"Total-Count", total},
	{"X-Pagination-Total", total}, {"X-Total-Results", total}, {"X-Total-Items", total}, {"X-Total-Records", total}, {"Total-Records", total},
	{"X-Collection-Total", total}, {"X-Count", mayBeTotal}, {"Pagination-Count", total}, {"Total", total}, {"X-Result-Count", mayBeTotal},
	{"X-Total-Pages", pages}, {"X-Wp-Totalpages", pages}, {"X-Pagination-Page-Count", pages}, {"Total-Pages", pages},
	{"X-Pagination-Total-Pages", pages}, {"Pagination-Pages", pages}, {"X-Page-Count", pages}, {"X-Pages", pages},
	{"X-Per-Page", size}, {"X-Pagination-Per-Page", size}, {"X-Pagination-Limit", size}, {"Pagination-Limit", size}, {"X-Page-Size", size},
	{"X-Limit", size}, {"Per-Page", size},
	{"X-Page", number}, {"X-Current-Page", number}, {"X-Pagination-Current-Page", number}, {"Pagination-Page", number},
	{"X-Offset", offset}, {"X-Pagination-Offset", offset},
}

"""The cases of generate.py: the examples of the SDK's documentation, and expressions."""

SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": ["string", "null"]},
        "email": {"type": ["null", "string"]},
        "country": {"type": ["string", "null"], "maxLength": 2},
        "price": {"type": ["number", "null"]},
        "quantity": {"type": "string"},
        "active": {"type": ["boolean", "null"]},
        "created_at": {"type": ["string", "null"], "format": "date-time"},
        "tags": {"type": ["array", "null"], "items": {"type": "string"}},
        "address": {
            "type": ["object", "null"],
            "properties": {
                "city": {"type": ["string", "null"]},
                "geo": {"type": ["object", "null"], "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}},
                "lines": {"type": "array", "items": {"type": "string"}},
            },
        },
        "any": {},
        "option": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "number_or": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "nothing": {"type": ["null", "string"]},
        "class": {"type": ["string", "null"]},
        "HTTPStatus_code": {"type": ["object", "null"], "properties": {"_inner_valueName": {"type": "integer"}, "Émile": {"type": ["string", "null"]}}},
        "free": {"type": ["object", "null"]},
    },
    "required": ["id", "name"],
}

RECORDS = [
    {
        "id": 1, "name": "Ann", "email": "ann@example.com", "country": "DE", "price": 12.5, "quantity": "3", "active": True,
        "created_at": "2024-02-29T23:05:06.789+00:00", "tags": ["a", "b"],
        "address": {"city": "Köln", "geo": {"lat": 50.9, "lon": 6.96}, "lines": ["x", "y"]},
        "any": {"k": [1, None]}, "option": "o", "number_or": 5, "nothing": None, "class": "first", "HTTPStatus_code": {"_inner_valueName": 7, "Émile": "z"},
        "free": {"a": {"b": {"c": 1}}},
    },
    {
        "id": 2, "name": "Zoë  Ämil", "email": None, "country": "FR", "price": 0.1, "quantity": "x", "active": False,
        "created_at": "2023-12-31T00:00:00", "tags": [], "address": None, "any": "text", "option": None, "number_or": None, "nothing": None,
        "class": None, "HTTPStatus_code": None, "free": {},
    },
    {
        "id": -3, "name": "O'Neil \"q\"\n", "email": "B.O@Sub.Example.com", "country": None, "price": None, "quantity": "0042", "active": None,
        "created_at": None, "tags": ["a", "a", "c"], "address": {"city": None, "geo": None, "lines": []}, "any": 3, "extra": {"of": [1.5, True, {"é": "\u2028"}]},
        "free": {"list": [{"n": 1}], "t": "x"},
    },
    {"id": 4, "name": ""},
]


def one(**properties):
    return {"stream_maps": {"customers": properties}}


# Other streams that the documentation's examples are of.
USERS = {
    "stream": "users", "keys": ["id"],
    "schema": {"type": "object", "properties": {"id": {"type": "integer"}, "fields": {"type": ["array", "null"], "items": {"type": "object"}}}},
    "records": [{"id": 1, "fields": [{"key": "age", "value": 3}, {"key": "color", "value": "red"}]}, {"id": 2, "fields": []}],
}
CUSTOMERS = {
    "stream": "customers", "keys": ["customer_id"],
    "schema": {
        "type": "object",
        "properties": {n: {"type": ["string", "null"]} for n in ("customer_id", "email", "owner_email", "full_name", "phone_number", "first_name")},
        "required": ["customer_id", "email"],
    },
    "records": [
        {"customer_id": "C1", "email": "a@example.com", "owner_email": "x@corp.com", "full_name": "A B", "phone_number": "1", "first_name": "A"},
        {"customer_id": "c2", "email": "b@other.org", "owner_email": "y@corp.com", "full_name": None, "phone_number": None, "first_name": "B"},
    ],
}
MINE = {
    "stream": "mystream", "keys": ["id"],
    "schema": {"type": "object", "properties": {
        "id": {"type": "integer"}, "count": {"type": ["integer", "null"]}, "create_date": {"type": "string", "format": "date"},
        "joined_at": {"type": "string", "format": "date-time"}, "status_value": {"type": ["string", "null"]},
        "custom_fields": {"type": ["array", "null"], "items": {"type": "object"}}, "is_active": {"type": ["boolean", "null"]},
    }},
    "records": [
        {"id": 1, "count": 3, "create_date": "2021-01-01", "joined_at": "2022-01-01T00:00:00+00:00", "status_value": "on", "custom_fields": [{"id": 1, "value": "abc"}, {"id": 2, "value": "1212"}]},
        {"id": 2, "count": 0, "create_date": "2024-12-31", "joined_at": "2022-06-01T12:30:00.5+02:00", "status_value": None, "custom_fields": [{"id": 2, "value": None}]},
    ],
}
SPLIT = {
    "customers": {"email": None, "full_name": None},
    "customers_pii": {"__source__": "customers", "customer_id": "customer_id", "email": "email", "full_name": "full_name", "__else__": None},
}
SCHEMALESS = {
    "stream": "events", "keys": None, "schema": {"type": "object", "properties": {}},
    "records": [{"a": {"b": {"c": [1, "é", None, 1.0, 1e20, True]}}}, {}],
}


def of(given, **config):
    return {**config, "given": given}


DOCUMENTED = {
    "hash, domain and removal": of(CUSTOMERS, stream_maps={"customers": {
        "email": None, "email_domain": "owner_email.split('@')[-1]", "email_hash": "md5(config['hash_seed'] + owner_email)",
    }}, stream_map_config={"hash_seed": "01AWZh7A6DzGm6iJZZ2T"}),
    "fake": of(CUSTOMERS, stream_maps={"customers": {"phone_number": "fake.phone_number()"}}, faker_config={"seed": 0, "locale": ["en_US", "en_GB"]}),
    "consistent fake": of(CUSTOMERS, stream_maps={"customers": {"first_name": "fake.seed_instance(_['first_name']) or fake.first_name()"}}),
    "comprehension": of(USERS, stream_maps={"users": {"id": "id", "fields": "[f for f in fields if f['key'] != 'age']"}}),
    "three ways to a property": of(CUSTOMERS, stream_maps={"customers": {
        "a": "customer_id.lower()", "b": "record['customer_id'].lower()", "c": "_['customer_id'].lower()",
    }}),
    "casts to int": of(MINE, stream_maps={"mystream": {
        "int_test": "int('0')", "fixed_count": "int(count - 1)", "create_year": "int(datetime.date.fromisoformat(create_date).year)",
    }}),
    "cast to float": of(MINE, stream_maps={"mystream": {"joined_timestamp": "float(datetime.datetime.fromisoformat(joined_at).timestamp())"}}),
    "cast to str": of(MINE, stream_maps={"mystream": {"status_value": "str('[masked]')"}}),
    "cast to bool": of(MINE, stream_maps={"mystream": {"is_active": "bool(status_value) if status_value else None"}}),
    "custom field": of(MINE, stream_maps={"mystream": {"custom_field_2": 'int(dict([(x["id"], x["value"]) for x in custom_fields]).get(2)) if dict([(x["id"], x["value"]) for x in custom_fields]).get(2) else None'}}),
    "remove a stream": of(CUSTOMERS, stream_maps={"customers": None}),
    "remove a stream by text": of(CUSTOMERS, stream_maps={"customers": "__NULL__"}),
    "remove a property": of(CUSTOMERS, stream_maps={"customers": {"email": "__NULL__"}}),
    "remove other streams": of(CUSTOMERS, stream_maps={"orders": {}, "__else__": None}),
    "keep one stream": of(CUSTOMERS, stream_maps={"customers": {}, "__else__": "__NULL__"}),
    "remove other properties": of(CUSTOMERS, stream_maps={"customers": {"customer_id": "customer_id", "__else__": None}}),
    "new key": of(CUSTOMERS, stream_maps={"customers": {"customer_id": None, "customer_id_hashed": "md5(customer_id)", "__key_properties__": ["customer_id_hashed"]}}),
    "no key": of(CUSTOMERS, stream_maps={"customers": {"customer_id": None, "__key_properties__": None}}),
    "empty key": of(CUSTOMERS, stream_maps={"customers": {"__key_properties__": []}}),
    "removed key": of(CUSTOMERS, stream_maps={"customers": {"customer_id": None}}),
    "unknown key": of(CUSTOMERS, stream_maps={"customers": {"__key_properties__": ["nope"]}}),
    "else without the key": of(CUSTOMERS, stream_maps={"customers": {"email": "email", "__else__": None}}),
    "literal in double quotes": of(CUSTOMERS, stream_maps={"customers": {"a_new_field": '"client-123"'}}),
    "literal in single quotes": of(CUSTOMERS, stream_maps={"customers": {"a_new_field": "'client-123'", "email": "'x'"}}),
    "alias": of(CUSTOMERS, stream_maps={"customers": {"__alias__": "customers_v2"}}),
    "split": of(CUSTOMERS, stream_maps=SPLIT),
    "filter": of(CUSTOMERS, stream_maps={"customers": {"__filter__": "email.endswith('@example.com')"}}),
    "filter and computed": of(CUSTOMERS, stream_maps={"customers": {"__filter__": "bool(full_name)", "full_name": "self.upper()"}}),
    "wildcard": of(CUSTOMERS, stream_maps={"*": {"stream": "__stream_name__"}}),
    "wildcard with alias": of(CUSTOMERS, stream_maps={"cust*": {"__alias__": "__stream_name__ + '_v2'", "from": "__original_stream_name__", "to": "__stream_name__"}}),
    "wildcard as source": of(CUSTOMERS, stream_maps={"copy": {"__source__": "c[a-u]st?mers", "email": None}}),
    "wildcard that excludes": of(CUSTOMERS, stream_maps={"[!c]*": {"email": None}}),
    "wildcard removes": of(CUSTOMERS, stream_maps={"*mers": None}),
    "later map wins": of(CUSTOMERS, stream_maps={"*": {"a": "'1'"}, "customers": {"b": "'2'"}}),
    "source without the original": of(CUSTOMERS, stream_maps={"customers": None, "only": {"__source__": "customers"}}),
    "removed source of a type": of(CUSTOMERS, stream_maps={"customers": {"email": None, "mail": "email"}}),
    "renamed property": of(CUSTOMERS, stream_maps={"customers": {"mail": "email", "email": None}}),
    "record as object": of(CUSTOMERS, stream_maps={"customers": {"data": "record", "key": "customer_id", "__key_properties__": ["key"], "__else__": None}}),
    "self": of(CUSTOMERS, stream_maps={"customers": {"email": "self.upper()", "other": "self"}}),
    "unknown option": of(CUSTOMERS, stream_maps={"customers": {}, "__nope__": {}}),
    "stream as a text": of(CUSTOMERS, stream_maps={"customers": "x"}),
    "stream as a number": of(CUSTOMERS, stream_maps={"customers": 3}),
    "property as a number": of(CUSTOMERS, stream_maps={"customers": {"email": 3}}),
    "property as an object": of(CUSTOMERS, stream_maps={"customers": {"email": {"a": 1}}}),
    "else as a text": of(CUSTOMERS, stream_maps={"customers": {"__else__": "keep"}}),
    "else of streams as a text": of(CUSTOMERS, stream_maps={"__else__": "keep"}),
    "alias that is no expression": of(CUSTOMERS, stream_maps={"customers": {"__alias__": "my customers"}}),
    "alias with a hyphen": of(CUSTOMERS, stream_maps={"customers": {"__alias__": "my-customers.v2"}}),
    "alias beside source": of(CUSTOMERS, stream_maps={"new": {"__source__": "customers", "__alias__": "'x'"}}),
    "filter that is null": of(CUSTOMERS, stream_maps={"customers": {"__filter__": None}}),
    "filter that is empty": of(CUSTOMERS, stream_maps={"customers": {"__filter__": ""}}),
    "filter that fails": of(CUSTOMERS, stream_maps={"customers": {"__filter__": "nope > 3"}}),
    "all removed": of(CUSTOMERS, stream_maps={"customers": {n: None for n in ("customer_id", "email", "owner_email", "full_name", "phone_number", "first_name")} | {"__key_properties__": None}}),
    "expression that is empty": of(CUSTOMERS, stream_maps={"customers": {"x": ""}}),
    "required": of(CUSTOMERS, stream_maps={"customers": {"email": None, "new": "str(email)"}}),
    "flatten 1": {"flattening_enabled": True, "flattening_max_depth": 1},
    "flatten 2": {"flattening_enabled": True, "flattening_max_depth": 2, "flattening_max_key_length": 100},
    "flatten 5": {"flattening_enabled": True, "flattening_max_depth": 5},
    "flatten 0": {"flattening_enabled": True, "flattening_max_depth": 0},
    "flatten off": {"flattening_enabled": False, "flattening_max_depth": 3},
    "flatten without a depth": {"flattening_enabled": True},
    "flatten, short names": {"flattening_enabled": True, "flattening_max_depth": 3, "flattening_max_key_length": 12},
    "flatten, shortest names": {"flattening_enabled": True, "flattening_max_depth": 3, "flattening_max_key_length": 3},
    "flatten, separator": {"flattening_enabled": True, "flattening_max_depth": 2, "flattening_separator": "."},
    "flatten without a schema": of(SCHEMALESS, flattening_enabled=True, flattening_max_depth=2),
    "flatten, two of a name": of({
        "stream": "s", "keys": [], "schema": {"type": "object", "properties": {"a__b": {"type": "string"}, "a": {"type": "object", "properties": {"b": {"type": "string"}}}}}, "records": [],
    }, flattening_enabled=True, flattening_max_depth=1),
    "flatten computed": {**one(full="{'a': {'b': id}, 'l': [1, 'é', datetime.date(2024, 1, 2)]}", address=None, t="(1, 2)"), "flattening_enabled": True, "flattening_max_depth": 2},
    "flatten and record": {**one(raw="record", id="id", __else__=None), "flattening_enabled": True, "flattening_max_depth": 1},
}

EXPRESSIONS = """
id
name
_
record
config
config['seed'] + str(id)
config.get('none', 'd')
__stream_name__
__original_stream_name__
self
class
_['class']
record.get('extra')
extra
any
any['k'][0]
any.k
address.city
address.geo.lat
address['geo']['lon'] if address and address['geo'] else None
address.get('city').upper()
tags.count
tags.count('a')
tags[-1]
tags[0:2]
tags[::-1]
tags + ['z']
[*tags, *tags]
len(tags)
sum(tags)
sorted(tags)
abs(id)
round(price)
max(1, 2)
type(id)
isinstance(id, int)
id + 1
id - 1.5
id * 2
id / 2
id // 2
id % 2
-id
+id
~id
not id
id ** 2
id ** -1
2 ** 0.5
id << 3
id >> 1
id | 6
id & 6
id ^ 6
True | False
True & 1
5 @ 2
1e400
-1e400
1e400 - 1e400
1_000
0x_ff
0o17
0b101
017
1__0
1.e3
.5
1j
10 ** 30
10 ** 5000000
5000000 ** 2
'x' * 100001
'x' * 100000
[0] * 100001
1 << 10001
1 << -1
price * 3
price + 0.2
price == 12.5
price or 0
price is None
0.1 + 0.2
1/3
1e16
1e15
123456789.123456789
100.0
5 // 0
5 % 0
5.5 // 2
-5 // 2
-5 % 3
5.5 % -2
int('12')
int(' 12 ')
int('1_2')
int('x')
int('ff', 16)
int('ff', base=16)
int('0x1f', 0)
int(3.99)
int(-3.99)
int(price)
int(quantity)
int(None)
int()
float('1.5')
float('nan')
float('inf')
float('-inf')
float()
float(quantity)
float('1e3')
str(id)
str(price)
str(None)
str(True)
str(tags)
str(address)
str(1e16)
str(1.0)
str(0.1)
str()
str('a', 'b')
str(b'abc', 'utf-8')
bool('')
bool([])
bool(0.0)
bool()
list('abc')
list()
list(address)
list({'a': 1}.items())
tuple([1, 2])
dict(a=1, b='x')
dict([('a', 1)])
dict({'a': 1}, b=2)
dict(**{'a': 1})
set([1, 2, 2])
{1, 2}
{x for x in [1]}
list(set([3, 1, 2]))
1 in {1, 2}
{1, 2} & {2}
{'a': 1} | {'b': 2}
{**{'a': 1}, 'b': 2}
{'a': 1, 'a': 2}
{1: 'a', None: 'b', True: 'c', 2.5: 'd'}
{(1, 2): 3}
{[]: 1}
(1, 2)
(1,)
()
1, 2
[]
{}
[1, 'a', None, True, 1.5]
[x for x in tags]
[x.upper() for x in tags if x != 'a']
[x + y for x in 'ab' for y in 'cd']
[(i, j) for i, j in [(1, 2), (3, 4)]]
[i for i, j in [(1, 2, 3), (4,)]]
[(i, j) for i, (j, k) in [(1, (2, 3))]]
{k: v for k, v in {'a': 1}.items()}
{x: x * 2 for x in tags}
[[y for y in x] for x in ['ab', 'c']]
[x for x in 5]
[id for id in [7]]
[x for x in tags if x if x != 'a']
(x for x in tags)
','.join(x for x in tags)
','.join([str(x) for x in [1, 2]])
[x for x in 'a' * 10001]
[y for x in 'a' * 101 for y in 'b' * 101]
1 if id > 1 else 2
1 if True else nope
nope if False else 1
1 and 2
0 or ''
None or 'x'
id and name and email
not (id and email)
1 < 2 < 3
1 < 3 < 2
3 > 2 == 2
id == 1.0
'a' < 'b'
'a' < 1
None < 1
[1, 2] < [1, 3]
1 != 1.0
id is 1
None is None
name is not None
'x' in name
'x' not in name
1 in [1]
'a' in address
'a' in 5
(x := 5)
lambda x: x
(lambda: 1)()
yield 1
await x
x = 1
id == 1; 2
id; import os
import os
pass
# only a comment
id # with a comment
 id
id
(id
+ 1)
id +\\
id)
id +
id id
'abc
"a" 'b'
'a' "b" f'{id}'
b'abc'
b'abc'.decode()
b'\\xff'
'\\x41\\u00e9\\n\\t\\\\'
r'\\n'
u'x'
'\\N{DASH}'
'''a'''
f''
f'{id}'
f'{id:05d}|{price}'
f'{name!r}'
f'{name!s:>12}|'
f'{id=}'
f'{{}}'
f'{{{id}}}'
f'{id:{2+3}}'
f'{address["geo"]}' if address else f'none'
f'{price:.3f}' if price else ''
f'{1234567.891:,.2f}'
f'{0.256:.1%}'
f'{255:#x} {255:b} {255:o} {5:+d}'
f'{"x":*^7}'
f'{id:q}'
f'{}'
f'{id'
f'}'
f'{id!x}'
f'{id + 1} {name.upper()} {[x for x in [1]]} {{"a": 1}}'
f'''{name}'''
rf'\\d{id}'
f'{datetime.date(2024, 2, 3):%d.%m.%Y}'
'%s is %d' % (name, id)
'%05.2f' % 3.14159
'%(a)s' % {'a': 1}
'%s' % None
'%d' % 'x'
'{}'.format(id)
name.format()
name.__class__
name._x
name.func_x
name.upper
name.upper()
name.lower()
name.strip()
name.title()
name.capitalize()
name.swapcase()
name.casefold()
name.split()
name.split(' ', 1)
name.rsplit(maxsplit=1)
name.partition(' ')
name.rpartition('n')
name.splitlines()
name.replace('n', 'N', 1)
name.startswith('A')
name.startswith(('A', 'Z'))
name.endswith('n')
name.find('n')
name.rfind('n')
name.index('n')
name.isalpha()
name.isdigit()
quantity.isnumeric()
quantity.isdecimal()
name.isspace()
name.istitle()
name.isupper()
name.isidentifier()
name.isprintable()
name.isascii()
name.ljust(10) + '|'
name.rjust(10, '.')
name.center(11, '-')
quantity.zfill(5)
name.removeprefix('A')
name.removesuffix('n')
name.encode()
name.encode('utf-8').decode('utf-8')
name.expandtabs()
name.translate({65: 'B'})
name.count('n')
name[0]
name[-1]
name[10]
name[1:]
name['x']
name[1, 2]
name * 2
name + 1
name + 'é'
name.nope
name.nope()
nope
nope()
nope.x
id()
id.bit_length()
price.is_integer()
(5).bit_length()
5.0.hex()
str.upper(name)
str.join('-', ['a', 'b'])
str.upper(5)
int.from_bytes(b'a', 'big')
dict.fromkeys(['a'])
md5(name)
md5(string=name)
md5()
md5(id)
md5(None)
md5(name, name)
sha256(name)
sha256(email)
md5(str(email))
md5
datetime
json
str
json.dumps(address)
json.dumps(tags)
json.dumps(record)
json.dumps(record, default=str)
json.dumps(name)
json.dumps(name, ensure_ascii=False)
json.dumps({'b': 1, 'a': [1.0, None, True]}, sort_keys=True)
json.dumps({'b': 1, 'a': [1]}, indent=2)
json.dumps([1, {'a': 2}], separators=(',', ':'))
json.dumps({'d': datetime.date(2024, 1, 2)})
json.dumps({'d': datetime.date(2024, 1, 2)}, default=str)
json.dumps({1: 2, None: 3})
json.dumps((1, 2))
json.dumps({1})
json.dumps(float('nan'))
json.dumps()
json.loads('{"a": [1, 2.5, null]}')
json.loads('[1, 2]')[1]
json.loads('{"a": ')
json.loads('nope')
json.loads(None)
json.loads(json.dumps(address))
json.nope
json.load
json.decoder
datetime.date(2024, 2, 29)
datetime.date(2023, 2, 29)
datetime.date(2024, 1, 2).isoformat()
datetime.date(2024, 1, 2) + datetime.timedelta(days=30)
datetime.date(2024, 1, 2) - datetime.date(2023, 1, 2)
(datetime.date(2024, 1, 2) - datetime.date(2023, 1, 2)).days
datetime.date(2024, 1, 2).strftime('%A %d %B %Y')
datetime.date(2024, 1, 2).weekday()
datetime.date(2024, 1, 2).isocalendar()[1]
datetime.date(2024, 1, 2).replace(day=5)
datetime.date(2024, 1, 2).year
datetime.date(2024, 1, 2).timetuple().tm_yday
datetime.date.fromisoformat('2024-01-02')
datetime.date.fromisoformat(created_at[:10])
datetime.date.fromisoformat('x')
datetime.date.min
datetime.date.max
datetime.datetime(2024, 1, 2)
datetime.datetime(2024, 1, 2, 3, 4, 5, 6)
datetime.datetime(2024, 1, 2, 25)
datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
datetime.datetime(2024, 1, 2).isoformat()
datetime.datetime(2024, 1, 2).isoformat(' ')
datetime.datetime(2024, 1, 2, 3, 4, 5, 600).isoformat(timespec='milliseconds')
datetime.datetime(2024, 1, 2).date()
datetime.datetime(2024, 1, 2, 3).time()
datetime.datetime(2024, 1, 2, 3).time().isoformat()
datetime.datetime.fromisoformat('2024-01-02T03:04:05')
datetime.datetime.fromisoformat('2024-01-02T03:04:05Z')
datetime.datetime.fromisoformat('2024-01-02 03:04:05.123456+02:00')
datetime.datetime.fromisoformat(created_at)
datetime.datetime.fromisoformat(created_at).strftime('%Y-%m-%d %H:%M:%S')
datetime.datetime.fromisoformat(created_at).astimezone(datetime.timezone.utc).isoformat()
datetime.datetime.strptime('02/01/2024', '%d/%m/%Y')
datetime.datetime.strptime('02/01/2024', '%d/%m/%Y').date()
datetime.datetime.strptime('2024-01-02 03:04:05 +0200', '%Y-%m-%d %H:%M:%S %z')
datetime.datetime.strptime('x', '%Y')
datetime.datetime.fromtimestamp(0, datetime.timezone.utc)
datetime.datetime.fromtimestamp(0, tz=datetime.timezone.utc).isoformat()
datetime.datetime.fromtimestamp(1700000000.5, datetime.timezone.utc)
datetime.datetime.utcfromtimestamp(1700000000)
datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc).timestamp()
datetime.datetime(2024, 1, 2) - datetime.timedelta(weeks=1, hours=2, minutes=3, seconds=4, milliseconds=5, microseconds=6)
datetime.datetime(2024, 1, 2) < datetime.datetime(2024, 1, 3)
datetime.datetime(2024, 1, 2) == datetime.datetime(2024, 1, 2)
datetime.datetime(2024, 1, 2) < datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
datetime.datetime(2024, 1, 2).replace(tzinfo=datetime.timezone.utc)
datetime.datetime.now() > datetime.datetime(2020, 1, 1)
datetime.datetime.now(datetime.timezone.utc) > datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
datetime.date.today() > datetime.date(2020, 1, 1)
datetime.timedelta(days=1)
datetime.timedelta(days=1, hours=5).total_seconds()
datetime.timedelta(1) * 2
datetime.timedelta('x')
str(datetime.timedelta(days=-1, seconds=5))
str(datetime.datetime(2024, 1, 2))
str(datetime.date(2024, 1, 2))
datetime.timezone.utc
datetime.UTC
datetime.MAXYEAR
datetime.nope
datetime()
datetime.datetime
datetime.date.today
[datetime.datetime(2024, 1, 2), datetime.date(2024, 1, 2)]
{'at': datetime.datetime(2024, 1, 2, 3)}
{'s': {1}, 'b': b'x'}
rand() < 1
randint(10) < 10
rand
randint('x')
fake
fake.name()
...
True
None
__name__
_.keys()
list(_.keys())
list(_.values())[0]
_.pop('name')
_.items
{}.get('a', 5)
{'a': {'b': 1}}['a']['b']
{'a': 1}['b']
{'a': 1}.a
{'a': 1}.b
{'items': 1}.items
[1, 2, 3].index(2)
[1, 2, 3].index(5)
[3, 1].sort()
[1].append(2)
[1, 2].copy()
(1, 2, 2).count(2)
(1, 2).index(2)
[1, 2][5]
[1, 2]['a']
[[1, 2], [3]][0][1]
[1, 2, 3][1:][0]
'abc'[1:2]
'abc'[None:2]
'abc'[::0]
name.upper().lower().title().strip()
((((id))))
not not id
- - id
id if id else id if name else email
id in [1, 2] and name in ('Ann',) or not email
{'full': name + ' ' + country, 'n': [id, price]} if country else None
""".strip("\n").split("\n")

# Those of more than one line.
EXPRESSIONS += ["(id\n+ 1)", "id +\\\n1", "id\nname", "\n\nid", "id\n name", "'''a\nb'''", "[\n  x\n  for x in tags\n]", "id\n\n# end\n", "\tid", "id\r\n", "(id)\n)", "'a\nb'"]

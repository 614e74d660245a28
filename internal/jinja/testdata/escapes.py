"""Writes escapes.jsonl: what the reference runtime gives for attempts to leave the sandbox.

    escapes.py > escapes.jsonl      (needs airbyte-cdk)
"""
import json
T=["{{ ''.__class__ }}","{{ ''.__class__.__mro__ }}","{{ ''['__class__'] }}","{{ ().__class__.__bases__[0].__subclasses__() }}","{{ config.__class__ }}","{{ config|attr('__class__') }}","{{ ''|attr('__class__')|attr('__mro__') }}",
"{{ self }}","{{ self.__init__.__globals__ }}","{{ self._TemplateReference__context }}","{{ cycler.__init__ }}","{{ cycler.__init__.__globals__.os }}","{{ joiner.__init__.__globals__ }}","{{ namespace.__init__ }}","{{ namespace(a=1).__class__ }}","{{ lipsum.__globals__ }}","{{ lipsum.__globals__['os'].popen('id').read() }}","{{ now_utc.__globals__ }}","{{ range.__class__ }}","{{ dict.__base__ }}","{{ dict.mro() }}",
"{{ '{0.__class__}'.format(config) }}","{{ '{0[__class__]}'.format(config) }}","{{ '{a.__class__}'.format(a=config) }}","{{ '{0.__class__.__init__.__globals__}'.format(cycler) }}","{{ '{x.__class__}'.format_map({'x': 1}) }}","{{ ('{0.__class__}'|safe).format(1) }}","{{ '%s'|format(''.__class__) }}","{{ '%(a)s' % {'a': ''.__class__} }}","{{ '{}'.format }}","{{ ''.format.__self__ }}","{{ ''.join.__call__ }}","{{ 'a'.upper.__self__.__class__ }}",
"{{ [config]|map(attribute='__class__')|list }}","{{ [config]|map('attr','__class__')|list }}","{{ [config]|sum(attribute='__class__') }}","{{ [config]|groupby('__class__') }}","{{ [config]|sort(attribute='__class__') }}","{{ [config]|selectattr('__class__')|list }}","{{ config.get.__self__ }}","{{ config.items().__class__ }}","{% for a in [1] %}{{ loop.__class__ }}{{ loop._iterator }}{% endfor %}","{% macro m() %}{% endmacro %}{{ m.__class__ }}{{ m._func }}","{{ (1).__class__.__base__ }}","{{ stream_slice.__class__ }}","{{ get_flashed_messages }}","{{ request }}","{{ url_for }}","{{ os }}","{{ environ }}","{{ __builtins__ }}","{{ __import__('os') }}","{{ open('/etc/passwd') }}","{{ env }}","{{ context }}","{{ caller }}","{{ undefined_name.__class__ }}","{{ undefined_name.__init__.__globals__ }}","{{ (undefined_name|default).__class__ }}","{% include '/etc/passwd' %}","{% import 'os' as o %}{{ o }}","{% extends '/etc/passwd' %}","{% from 'x' import y %}","{{ now_utc().__reduce__() }}","{{ now_utc()._date_to }}","{{ ''.encode().__class__ }}","{{ [].append.__self__ }}","{{ (x for x in y) }}","{{ config.__dict__ }}","{{ config['__class__'] }}","{{ none.__class__ }}","{{ true.__class__ }}","{{ ''.__doc__ }}","{{ [].__len__() }}","{{ config.__contains__('x') }}","{{ 'x'.__add__('y') }}","{{ self['__class__'] }}","{{ cycler(1).__class__ }}","{{ cycler._ }}", "{{ stream_slice._partition }}","{{ stream_slice._foo }}","{{ generate_uuid.__wrapped__ }}","{{ max.__self__ }}","{{ ''|attr('format')|attr('__self__') }}"]
from airbyte_cdk.sources.declarative.interpolation.jinja import JinjaInterpolation
from airbyte_cdk.sources.types import StreamSlice
for t in T:
    try:
        v = JinjaInterpolation().eval(t, {"x": 1}, stream_slice=StreamSlice(partition={"p": 1}, cursor_slice={}))
        row = {"template": t, "value": repr(v)}
        if "0x7f" in row["value"]:
            continue  # an address
    except Exception as e:
        row = {"template": t, "error": f"{type(e).__name__}: {e}".split(". Context")[0]}
    print(json.dumps(row, ensure_ascii=False))

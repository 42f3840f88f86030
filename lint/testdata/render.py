# Renders Jinja2 templates for TestLaw: a JSON list of [engine, text, seed, trim] on standard
# input, a JSON list of renderings (null for none) on standard output. Names that no one
# defines have values drawn from the seed: equal names have equal values.
import json, sys, zlib
import jinja2


class Drawn:
    def __init__(self, name, seed):
        self.name, self.seed = name, seed

    def draw(self):
        return zlib.crc32(("%s %d" % (self.name, self.seed)).encode())

    def __bool__(self):
        return self.draw() % 2 == 0

    def __str__(self):
        if self.name.lower().endswith(("port", "timeout", "size", "connections")):
            return str(5000 + self.draw() % 900)
        return ["alpha%d" % (self.draw() % 100), "beta", "10.0.0.%d" % (self.draw() % 200)][self.draw() % 3]

    def inner(self, key, *_):
        return Drawn("%s.%s" % (self.name, key), self.seed)

    def __getattr__(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        return self.inner(key)

    __getitem__ = inner

    def __call__(self, *args, **_):
        return self.inner("()")

    def __iter__(self):
        return iter([self.inner("each")] if self else [])

    def __len__(self):
        return 1 if self else 0

    def __eq__(self, other):
        return Drawn("%s == %s" % (self.name, other), self.seed).__bool__()

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(self.name)

    def __contains__(self, key):
        return bool(self.inner("has %s" % key))

    def number(self, *_):
        return self.draw() % 1000

    def same(self, *_):
        return self

    __int__ = __index__ = number
    __add__ = __radd__ = __mul__ = __mod__ = __sub__ = same

    def __lt__(self, other):
        return bool(self.inner("< %s" % other))

    __gt__ = __le__ = __ge__ = __lt__


class Filters(dict):
    def __contains__(self, key):
        return True

    def get(self, key, default=None):
        return self[key]

    def __missing__(self, key):
        return lambda value="", *args, **kw: value


class Context(jinja2.runtime.Context):
    seed = 0

    def resolve_or_missing(self, key):
        found = super().resolve_or_missing(key)
        return Drawn(key, Context.seed) if found is jinja2.utils.missing else found


def render(_, text, seed, trim):
    env = jinja2.Environment(trim_blocks=trim, keep_trailing_newline=True)
    env.context_class = Context
    env.filters = Filters(env.filters)
    env.tests = Filters(env.tests)
    Context.seed = seed
    try:
        return env.from_string(text).render()
    except Exception:
        return None


json.dump([render(*one) for one in json.load(sys.stdin)], sys.stdout)

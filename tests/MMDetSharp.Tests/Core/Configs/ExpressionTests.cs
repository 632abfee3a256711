using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>Expressions against what Python 3.11 gives for them (its <c>repr</c>).</summary>
public class ExpressionTests
{
    [Theory]
    [InlineData("1_000", "1000")]
    [InlineData("0x_fF", "255")]
    [InlineData("0o17", "15")]
    [InlineData("0b101", "5")]
    [InlineData("1e-3", "0.001")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5.0")]
    [InlineData("1_0e1_0", "100000000000.0")]
    [InlineData("1e16", "1e+16")]
    [InlineData("123456789012345680.0", "1.2345678901234568e+17")]
    [InlineData("1e-05", "1e-05")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("None, True, False", "(None, True, False)")]
    public void Number_OfPython_HasItsValue(string text, string expected) => AssertValue(text, expected);

    [Theory]
    [InlineData("'a' \"b\" r'\\n'", "'ab\\\\n'")]
    [InlineData("'it\\'s'", "\"it's\"")]
    [InlineData("'\\n\\t\\\\\\x41\\u00e9\\101\\a'", "'\\n\\t\\\\AéA\\x07'")]
    [InlineData("'\\U0001F600'", "'😀'")]
    [InlineData("'\\q'", "'\\\\q'")]
    [InlineData("'''a\nb'''", "'a\\nb'")]
    [InlineData("\"\"\"a\"b\\\nc\"\"\"", "'a\"bc'")]
    [InlineData("u'x' R'\\y'", "'x\\\\y'")]
    [InlineData("f'{1 + 1}{\"x\"!r:>5}{{}}'", "\"2  'x'{}\"")]
    [InlineData("f'{3!s:0>4}{[1, 2][0]}{dict(a=1)[\"a\"]}'", "'000311'")]
    [InlineData("f'{ 2*3 = }'", "' 2*3 = 6'")]
    [InlineData("f'{1.5:{8}.{3}f}|'", "'   1.500|'")]
    [InlineData("fr'\\n{1}' 'b'", "'\\\\n1b'")]
    [InlineData("'{0} {1} {0}'.format(1, 2)", "'1 2 1'")]
    [InlineData("'{a[b]} {c:>{w}}'.format(a={'b': 3}, c=4, w=3)", "'3   4'")]
    [InlineData("'%s %05.2f %d %r %%' % ('a', 1.5, 3.9, 'b')", "\"a 01.50 3 'b' %\"")]
    [InlineData("'%(a)s-%(b)03d' % dict(a=1, b=2)", "'1-002'")]
    [InlineData("'{:,} {:_} {:x} {:#b} {:.1%} {:e}'.format(1234567, 1000, 255, 5, 0.5, 12345.678)",
        "'1,234,567 1_000 ff 0b101 50.0% 1.234568e+04'")]
    [InlineData("f'{2.675:.2f} {0.125:.2f} {1e22:.0f} {1234.5678:.3g} {0.1:.17g}'",
        "'2.67 0.12 10000000000000000000000 1.23e+03 0.10000000000000001'")]
    public void String_OfPython_HasItsValue(string text, string expected) => AssertValue(text, expected);

    [Theory]
    [InlineData("7 // 2, -7 // 2, 7 % -3, -7.5 % 2, -7 // 2.0", "(3, -4, -2, 0.5, -4.0)")]
    [InlineData("1 / 2, 2 ** 10, 2 ** -1, 2 ** 3 ** 2, -2 ** 2", "(0.5, 1024, 0.5, 512, -4)")]
    [InlineData("5 & 3, 5 | 3, 5 ^ 3, 1 << 4, -5 >> 1, ~5", "(1, 7, 6, 16, -3, -6)")]
    [InlineData("[1] + [2], (1,) * 2, 'ab' * 2, 2 * [0]", "([1, 2], (1, 1), 'abab', [0, 0])")]
    [InlineData("{'a': 1} | {'b': 2}, {1, 2} & {2}, {1} | {2}, {1, 2} - {1}", "({'a': 1, 'b': 2}, {2}, {1, 2}, {2})")]
    [InlineData("1 < 2 < 3, 1 < 3 < 2, 1 == 1.0 == True, 'a' < 'b', [1, 2] < [1, 3]",
        "(True, False, True, True, True)")]
    [InlineData("'b' in 'abc', 1 in [1.0], 2 not in {2: 3}, None is None, 1 is not None",
        "(True, True, False, True, True)")]
    [InlineData("0 or 'x', '' and 1, 1 and 2, not [], None or {}", "('x', '', 2, True, {})")]
    [InlineData("1 if 0 else 2 if 1 else 3", "2")]
    [InlineData("True + True, -True, abs(-3), abs(-2.5)", "(2, -1, 3, 2.5)")]
    [InlineData("1.0 / 9.0", "0.1111111111111111")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    public void Operator_OfPython_HasItsValue(string text, string expected) => AssertValue(text, expected);

    [Theory]
    [InlineData("'abcdef'[1:4], 'abcdef'[::-2], [1, 2, 3][-2:], (1, 2, 3)[:-1]", "('bcd', 'fdb', [2, 3], (1, 2))")]
    [InlineData("[1, 2, 3, 4, 5][10:1:-2], 'abc'[-1], {'a': {'b': [7]}}['a']['b'][0]", "([5, 3], 'c', 7)")]
    [InlineData("[*range(3), *'ab'], {**{'a': 1}, 'a': 2}, (*[1], 2)", "([0, 1, 2, 'a', 'b'], {'a': 2}, (1, 2))")]
    [InlineData("[x * 2 for x in range(5) if x % 2 if x > 1]", "[6]")]
    [InlineData("[(x, y) for x in range(3) for y in range(x)]", "[(1, 0), (2, 0), (2, 1)]")]
    [InlineData("{k: v for k, v in zip('ab', [1, 2])}, {x for x in [1, 1]}", "({'a': 1, 'b': 2}, {1})")]
    [InlineData("sum(x for x in [1, 2, 3]), tuple(x for x in 'ab')", "(6, ('a', 'b'))")]
    [InlineData("[[y for y in range(x)] for x in range(3)]", "[[], [0], [0, 1]]")]
    [InlineData("{1: 'a', 1.0: 'b', True: 'c', (1, 2): None}", "{1: 'c', (1, 2): None}")]
    [InlineData("(), (1,), [], {}, set(), {1}", "((), (1,), [], {}, set(), {1})")]
    public void Collection_OfPython_HasItsValue(string text, string expected) => AssertValue(text, expected);

    [Theory]
    [InlineData("dict(a=1, **{'b': 2}), dict([('x', 1)]), dict({1: 2}, c=3)",
        "({'a': 1, 'b': 2}, {'x': 1}, {1: 2, 'c': 3})")]
    [InlineData("list('ab'), tuple([1]), set([1, 1]), list({'a': 1})", "(['a', 'b'], (1,), {1}, ['a'])")]
    [InlineData("list(range(3)), list(range(1, 3)), list(range(10, 0, -3))", "([0, 1, 2], [1, 2], [10, 7, 4, 1])")]
    [InlineData("len('abc'), len({}), len((1,))", "(3, 0, 1)")]
    [InlineData("min([3, 1]), max(1, 2.5), max([], default=5), min('ba')", "(1, 2.5, 5, 'a')")]
    [InlineData("max('aa', 'b', key=len), sorted([3, 1, 2], reverse=True), sorted('ba')",
        "('aa', [3, 2, 1], ['a', 'b'])")]
    [InlineData("int('12'), int(-3.9), int(), float('1e3'), float('-inf'), bool(''), str(1.0)",
        "(12, -3, 0, 1000.0, -inf, False, '1.0')")]
    [InlineData("sum([1, 2.5]), sum([[1], [2]], []), round(2.5), round(2.675, 2), round(1234.5, -2)",
        "(3.5, [1, 2], 2, 2.67, 1200.0)")]
    [InlineData("list(zip([1, 2], 'ab')), list(enumerate('a', 1)), list(reversed([1, 2]))",
        "([(1, 'a'), (2, 'b')], [(1, 'a')], [2, 1])")]
    [InlineData("any([0, 1]), all([]), divmod(-7, 2), pow(2, 3), list(map(str, [1]))",
        "(True, True, (-4, 1), 8, ['1'])")]
    public void Function_OfPython_HasItsValue(string text, string expected) => AssertValue(text, expected);

    [Theory]
    [InlineData("{'a': 1}.get('b'), {'a': 1}.get('a', 2), {'a': 1}.get('b', 2)", "(None, 1, 2)")]
    [InlineData("{'a': 1}.items(), {'a': 1}.keys(), {'a': 1}.values()", "([('a', 1)], ['a'], [1])")]
    [InlineData("[1, 2, 1].count(1), (1, 2).index(2), [1].copy()", "(2, 1, [1])")]
    [InlineData("'a,b,c'.split(',', 1), ' a  b '.split(), '-'.join(['a', 'b'])", "(['a', 'b,c'], ['a', 'b'], 'a-b')")]
    [InlineData("'Ab'.lower(), 'ab'.upper(), ' x '.strip(), 'xxax'.strip('x'), 'a.py'.replace('.py', '')",
        "('ab', 'AB', 'x', 'a', 'a')")]
    [InlineData("'abc'.startswith('a'), 'abc'.endswith(('x', 'c')), '-7'.zfill(4), 'banana'.count('an')",
        "(True, True, '-007', 2)")]
    public void Method_OfPython_HasItsValue(string text, string expected) => AssertValue(text, expected);

    private static void AssertValue(string text, string expected) =>
        Assert.Equal(expected, Config.Parse("x = " + text).Root["x"].ToString());
}

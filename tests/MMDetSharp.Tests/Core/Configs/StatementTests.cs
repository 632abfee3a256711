using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>Statements: assignments, branches, loops, imports.</summary>
public class StatementTests
{
    [Theory]
    [InlineData("a = b = 1", "{'a': 1, 'b': 1}")]
    [InlineData("a, b = 1, 2", "{'a': 1, 'b': 2}")]
    [InlineData("a, *b, (c, d) = 1, 2, 3, [4, 5]", "{'a': 1, 'b': [2, 3], 'c': 4, 'd': 5}")]
    [InlineData("a: int = 1; b = 2", "{'a': 1, 'b': 2}")]
    [InlineData("a = 1\na += 2\na *= 2\na -= 1\na **= 2\na //= 2\na %= 7", "{'a': 5}")]
    [InlineData("a = dict(x=1)\na['y'] = 2\na['x'] += 5", "{'a': {'x': 6, 'y': 2}}")]
    [InlineData("a = [1, 2, 3]\na[0] = 9\na[1:] = [8]", "{'a': [9, 8]}")]
    [InlineData("a = 1\nb = [1, 2, 3]\nc = dict(x=1, y=2)\ndel a, b[0], c['x'], b[1:]", "{'b': [2], 'c': {'y': 2}}")]
    public void Assignment_OfPython_Assigns(string text, string expected) => AssertRoot(text, expected);

    [Theory]
    [InlineData("a = [1]\nb = a\nb += [2]", "{'a': [1, 2], 'b': [1, 2]}")]
    [InlineData("a = [1]\nb = a\nb = b + [2]", "{'a': [1], 'b': [1, 2]}")]
    [InlineData("a = dict(x=1)\nb = dict(y=a)\na.update(z=2)", "{'a': {'x': 1, 'z': 2}, 'b': {'y': {'x': 1, 'z': 2}}}")]
    [InlineData("a = dict(x=1)\nb = a.copy()\nb['x'] = 2", "{'a': {'x': 1}, 'b': {'x': 2}}")]
    [InlineData("a = []\na.append(1)\na.extend([3])\na.insert(1, 2)\nb = a.pop()", "{'a': [1, 2], 'b': 3}")]
    [InlineData("a = dict(x=1, y=2)\nb = a.pop('x')\nc = a.pop('z', 0)", "{'a': {'y': 2}, 'b': 1, 'c': 0}")]
    [InlineData("a = [3, 1]\na.sort()\na.reverse()\na.remove(3)", "{'a': [1]}")]
    public void Alias_OfPython_SeesTheChange(string text, string expected) => AssertRoot(text, expected);

    [Theory]
    [InlineData("x = 2\nif x == 1:\n    y = 1\nelif x == 2:\n    y = 2\nelse:\n    y = 3", "{'x': 2, 'y': 2}")]
    [InlineData("if False: x = 1\nelse: x = 2", "{'x': 2}")]
    [InlineData(
        "s = 0\nfor i in range(4):\n    if i == 1:\n        continue\n    if i == 3:\n        break\n    s += i",
        "{'s': 2, 'i': 3}")]
    [InlineData("for a, b in [(1, 2)]:\n    pass\nelse:\n    c = 3", "{'a': 1, 'b': 2, 'c': 3}")]
    [InlineData("a = [\n    1,  # one\n\n    2]\n\n# end\nb = 1 + \\\n    2", "{'a': [1, 2], 'b': 3}")]
    [InlineData("x = [i for i in range(2)]", "{'x': [0, 1]}")]
    [InlineData("\"\"\"A title.\"\"\"\nx = 1\nassert x == 1, 'no'", "{'x': 1}")]
    [InlineData("if 1:\n\tx = 1\n\tif 1:\n\t\ty = 2\nz = 3", "{'x': 1, 'y': 2, 'z': 3}")]
    public void Block_OfPython_Runs(string text, string expected) => AssertRoot(text, expected);

    [Theory]
    [InlineData("import os")]
    [InlineData("import os.path as p, sys")]
    [InlineData("from mmcv import Config")]
    [InlineData("from . import (a, b,)")]
    [InlineData("from mmcv import *")]
    public void Import_Unused_HasNoEffect(string text) => AssertRoot(text + "\nx = 1", "{'x': 1}");

    private static void AssertRoot(string text, string expected) =>
        Assert.Equal(expected, Config.Parse(text).Root.ToString());
}

using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;

namespace MMDetSharp.Tests.Core.Configs;

/// <summary>What is refused, and what the message says: the place, the fault and the way out.</summary>
public class ErrorTests
{
    [Theory]
    [InlineData("a = (1,\n  2", "1:5: the '(' is never closed. Add its partner.")]
    [InlineData("a = 1]", "1:6: the ']' closes nothing. Remove it.")]
    [InlineData("a = [1)", "1:7: the '[' of line 1 must be closed by ']', found ')'.")]
    [InlineData("a = [1 2]", "1:8: ',' or the ']' of the '[' in line 1 must stand here, found '2'. Add a comma.")]
    [InlineData("a = dict(x=1\n  y=2)", "2:3: ',' must stand here, found 'y'. Separate arguments with commas.")]
    [InlineData("a = 'x", "1:5: the string is not closed. Add ' at its end.")]
    [InlineData("a = 1 $ 2", "1:7: the character '$' has no meaning here. Put text in quotes, or remove it.")]
    [InlineData("a = 1 2",
        "1:7: the end of the line must stand here, found '2'. Is an operator or a comma missing before it?")]
    [InlineData("a =", "1:4: a value must stand here, found the end of the line. Add it, or remove what leads to it.")]
    [InlineData("  a = 1", "1:3: the line must not be indented here. Remove the spaces at its start.")]
    [InlineData("if 1:\na = 1",
        "2:1: an indented line must stand here, found 'a'. Indent the block, or write pass.")]
    [InlineData("if 1:\n    a = 1\n  b = 2",
        "3:3: the indentation must be that of an outer block. Align the line with the block it belongs to.")]
    [InlineData("1 = a", "1:1: only a name or an item can be assigned. Write a name left of '='.")]
    [InlineData("a = 1j", "1:5: a number must end before a letter, found '1j'. Separate them.")]
    [InlineData("a = 007", "1:5: '007' is not a number that fits. Integers have 64 bits and no leading zero.")]
    [InlineData("a = b'x'", "1:5: bytes have no place in a config. Remove the b before the quotes.")]
    [InlineData("a = dict(class=1)", "1:10: 'class' is a word of the language, not a key. Write {'class': ...}.")]
    [InlineData("a = dict(x=1, 2)",
        "1:15: a value without a key must stand before those with keys. Write key=value, or move it.")]
    [InlineData("def f(): pass", "1:1: 'def' is not known in a config. Write the values out.")]
    [InlineData("while True: pass", "1:1: 'while' is not known in a config. Use 'for' over a range.")]
    [InlineData("a = lambda: 1",
        "1:5: functions cannot be made in a config. Write a value or a comprehension.")]
    [InlineData("a = {{ fileDirname }}",
        "1:5: {{ fileDirname }} stands for a text. Write it in quotes: '{{ fileDirname }}'.")]
    [InlineData("a = '{{_base_.x}}'",
        "1:5: {{_base_.x}} must stand without quotes: it is replaced by the value, not by text.")]
    [InlineData("a = f'{1'",
        "1:5: every '{' of an f-string needs its '}'. Double them to mean the characters themselves.")]
    public void Parse_WrongSyntax_NamesLineAndColumn(string text, string message) => AssertError(text, message);

    [Theory]
    [InlineData("a = bb", "1:5: the name bb was not assigned before this line. Assign it first.")]
    [InlineData("data_root = ''\na = dat_root",
        "2:5: the name dat_root was not assigned before this line. Did you mean data_root?")]
    [InlineData("a = __file__",
        "1:5: the name __file__ is not known here. Write '{{ fileDirname }}/{{ fileBasename }}'.")]
    [InlineData("import os\na = os.getcwd()",
        "2:5: os is an import, and imports have no effect in a config. Write the value itself.")]
    [InlineData("a = dic(x=1)", "1:5: dic() is not a function that a config may call. Did you mean dict?")]
    [InlineData("m = dict(x=1)\na = m.x",
        "2:6: the keys of a dict are not attributes here. Write ['x'] instead of .x.")]
    [InlineData("m = dict(type=1)\na = m['tpe']", "2:5: the dict has no key 'tpe'. Did you mean type?")]
    [InlineData("a = [1][1]", "1:5: the index 1 is outside of the 1 items. Count from 0, or from the end with -1.")]
    [InlineData("a = 'x' + 1", "1:5: '+' does not work on the str 'x' and the int 1. Convert one of them.")]
    [InlineData("a = 1 / 0", "1:5: division by zero. Correct the divisor.")]
    [InlineData("a = 2 ** 64", "1:5: the integer does not fit into 64 bits. Use a float.")]
    [InlineData("a = dict(x=1)\nb = dict(x=2, **a)",
        "2:15: the key x is given twice. Remove one, or write {**a, 'x': ...}.")]
    [InlineData("a, b = 1, 2, 3", "1:1: 2 names need as many values, found 3. Make both sides equal.")]
    [InlineData("a = {[1]: 2}",
        "1:6: a key must be a str, a number or a tuple of them, found the list [1]. Use a tuple.")]
    [InlineData("a = range(10 ** 9)",
        "1:5: range() gives at most 100000 numbers, found 1000000000. Use fewer.")]
    [InlineData("a = [0] * 10 ** 9",
        "1:5: no list or str of a config is longer than 100000. Use a smaller factor.")]
    [InlineData("a = 'x'.lowr()", "1:8: the str 'x' has no method lowr. Did you mean lower?")]
    [InlineData("raise ValueError('too small')",
        "1:1: the config refuses its own values here. It says: too small. Change what leads to this line.")]
    [InlineData("x = 1\nassert x > 1, f'x is {x}'",
        "2:1: the config refuses its own values here. It says: x is 1. Change what leads to this line.")]
    [InlineData("for x in 5: pass",
        "1:10: a list, tuple, dict or str must stand here, found the int 5. Put brackets around it.")]
    public void Evaluate_WrongValue_NamesLineAndColumn(string text, string message) => AssertError(text, message);

    [Theory]
    [InlineData("a = len", "1: a config holds no functions, found len. Write its name in quotes.")]
    [InlineData("a = []\na.append(a)", "1: the value contains itself, or is nested too deep. Copy it first.")]
    public void Parse_ValueThatCannotBeKept_NamesTheLine(string text, string message) => AssertError(text, message);

    [Fact]
    public void Parse_BracketsWithoutEnd_DoNotOverflowTheStack()
    {
        var text = "a = " + new string('[', 5_000) + new string(']', 5_000);

        var error = Assert.Throws<ConfigException>(() => Config.Parse(text));

        Assert.Equal("config.py:1:205: brackets are nested more than 200 deep. Flatten them.", error.Message);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("1 + ")]
    [InlineData("2 ** ")]
    public void Parse_LongChainOfOperators_DoesNotOverflowTheStack(string sign)
    {
        var text = "a = " + string.Concat(Enumerable.Repeat(sign, 20_000)) + "1";

        var error = Record.Exception(() => Config.Parse(text));

        Assert.True(error is null or ConfigException, error?.ToString());
    }

    [Fact]
    public void Parse_DoublingLists_DoNotFillTheMemory()
    {
        var text = "a = [1]\n" + string.Concat(Enumerable.Repeat("a = [a, a]\n", 60));

        var error = Assert.Throws<ConfigException>(() => Config.Parse(text));

        Assert.Contains("at most 1000000 values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Origin_OfAnError_IsItsPlace()
    {
        var error = Assert.Throws<ConfigException>(() => Config.Parse("\na = b", "x.py"));

        Assert.Equal(new ConfigOrigin("x.py", 2, 5), error.Origin);
    }

    private static void AssertError(string text, string message)
    {
        var error = Assert.Throws<ConfigException>(() => Config.Parse(text));

        Assert.Equal("config.py:" + message, error.Message);
    }
}

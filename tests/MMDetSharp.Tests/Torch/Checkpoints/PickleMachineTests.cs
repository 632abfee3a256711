using System.Text;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>Pickles byte by byte: known calls are data, unknown ones stay inert, malformed ones fail clearly.</summary>
public sealed class PickleMachineTests
{
    [Fact]
    public void Run_CallOfSystem_StaysInert()
    {
        using var folder = new TemporaryFolder();
        var mark = folder.Under("owned");

        var value = Run($"cos\nsystem\n(S'touch {mark}'\ntR.");

        var call = Assert.IsType<StoredObject>(value);
        Assert.Equal(("os", "system"), (call.Module, call.Name));
        Assert.Equal($"touch {mark}", call.Arguments[0].AsString());
        Assert.False(File.Exists(mark));
    }

    [Theory]
    [InlineData("c__builtin__\neval\n(S'1'\ntR.", "builtins", "eval")]
    [InlineData("(S'ls'\nios\nsystem\n.", "os", "system")]
    [InlineData("(cposix\nsystem\nS'ls'\no.", "posix", "system")]
    [InlineData("cwebbrowser\nopen\n(S'x'\ntR}S'a'\nI1\nsb.", "webbrowser", "open")]
    public void Run_UnknownCall_KeepsTheName(string pickle, string module, string name)
    {
        var value = Assert.IsType<StoredObject>(Run(pickle));

        Assert.Equal((module, name), (value.Module, value.Name));
    }

    [Fact]
    public void Run_Protocol0Values_AreRead()
    {
        var list = Run(
            "(lI1\naI01\naL12345678901234567890L\naF2.5\naS'a\\n\\x41'\naVb\\u0041\naNa(dS'k'\nI-3\nsa.").AsList();

        Assert.Equal(1, list[0].AsInt64());
        Assert.True(list[1].AsBool());
        Assert.Equal(12345678901234567890.0, list[2].AsDouble());
        Assert.Equal(2.5, list[3].AsDouble());
        Assert.Equal("a\nA", list[4].AsString());
        Assert.Equal("bA", list[5].AsString());
        Assert.True(list[6].IsNone);
        Assert.Equal(-3, list[7].AsDictionary()["k"].AsInt64());
    }

    [Fact]
    public void Run_ListThatHoldsItself_IsReadAndNotWritten()
    {
        var list = Run("]q\0h\0a.").AsList();

        Assert.Same(list, list[0]);
        Assert.Throws<CheckpointException>(() => PickleWriter.Write(list, _ => "0"));
    }

    [Theory]
    [InlineData(".", "the stack is empty")]
    [InlineData("0.", "the stack is empty")]
    [InlineData("t.", "needs a mark")]
    [InlineData("h\x5.", "used before it is there")]
    [InlineData("(I1\nd.", "a value for every key")]
    [InlineData("I1\nI2\na.", "items are appended to 1")]
    [InlineData("I1\n)R.", "a call needs a class")]
    [InlineData("Ix\n.", "a whole number")]
    [InlineData("\x7f.", "is not an operation")]
    [InlineData("X\xff\xff\xff\x7f.", "is truncated")]
    [InlineData("Nb.", "the stack is empty")]
    [InlineData("I1\nI2\n", "is truncated")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "a tensor needs storage")]
    public void Run_Malformed_SaysWhatAndWhere(string pickle, string expected)
    {
        var failure = Assert.Throws<CheckpointException>(() => Run(pickle));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains(".pkl", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CopiesOfCopies_AreBounded()
    {
        // A list of a million items, copied again and again: a few bytes each time.
        var pickle = new StringBuilder("](").Append('N', 1_000_000).Append("eq\0");
        for (var i = 0; i < 100; i++)
        {
            pickle.Append("c__builtin__\nlist\nh\0\x85R");
        }

        var failure = Assert.Throws<CheckpointException>(() => Run(pickle + "."));

        Assert.Contains("at most", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DeepNesting_IsReadWithoutRecursion()
    {
        var value = Run(new string(']', 100_000) + new string('a', 99_999) + ".");

        Assert.Single(value.AsList());
    }

    // Characters stand for bytes.
    private static StoredValue Run(string pickle)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Under("object.pkl");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(pickle));
        using var file = CheckpointFiles.Map(path);
        return new PickleMachine(new PickleSource(file, 0, file.Length), id => id).Run();
    }
}

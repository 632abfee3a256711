using System.Text.Json;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// One case of a component file: the operation, its options, and the tensors under <c>name/in/</c> and
/// <c>name/out/</c>.
/// </summary>
internal sealed record GoldenCase(GoldenFile File, string Name, string Op, JsonElement Options)
{
    /// <summary>The full name of an input tensor.</summary>
    internal string In(string name) => $"{Name}/in/{name}";

    /// <summary>The full name of an output tensor.</summary>
    internal string Out(string name) => $"{Name}/out/{name}";

    /// <summary>The short names of the inputs, in the order of the file.</summary>
    internal IReadOnlyList<string> Inputs => Short("in");

    /// <summary>The short names of the outputs, in the order of the file.</summary>
    internal IReadOnlyList<string> Outputs => Short("out");

    /// <summary>The case's name, which the test runner shows.</summary>
    public override string ToString() => Name;

    private string[] Short(string kind)
    {
        var prefix = $"{Name}/{kind}/";
        return [.. File.Names(prefix).Select(name => name[prefix.Length..])];
    }
}

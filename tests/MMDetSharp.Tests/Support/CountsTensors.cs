namespace MMDetSharp.Tests.Support;

/// <summary>Tests that count live tensors or measure memory: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CountsTensors
{
    /// <summary>For <c>[Collection(CountsTensors.Name)]</c>.</summary>
    public const string Name = "counts tensors";
}

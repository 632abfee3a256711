using MMDetSharp.Tests.Cli;

namespace MMDetSharp.Tests.Support;

/// <summary>Tests that run commands in this process and read what they print: nothing runs beside them. One model serves all.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class UsesConsole : ICollectionFixture<TrainedCommand>
{
    /// <summary>For <c>[Collection(UsesConsole.Name)]</c>.</summary>
    public const string Name = "uses the console";
}

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>One tensor that a model needs: its key and its shape.</summary>
/// <param name="Name">The full key: <c>backbone.conv1.weight</c>.</param>
/// <param name="Shape">The size of each dimension.</param>
public sealed record StateDictKey(string Name, IReadOnlyList<long> Shape);

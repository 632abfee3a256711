using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A head as its config describes it, before its weights take memory.</summary>
/// <param name="Connect">Fails, at the config's file and line, unless the head takes the maps that come in.</param>
/// <param name="Create">Makes the head; it belongs to the caller.</param>
internal sealed record HeadPlan(Action<IReadOnlyList<MapLevel>> Connect, Func<DenseHead> Create);

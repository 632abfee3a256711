using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.Backbones;

/// <summary>A backbone as its config describes it, before its weights take memory.</summary>
/// <param name="Outputs">The maps that come out.</param>
/// <param name="Create">Makes the backbone; it belongs to the caller.</param>
internal sealed record BackbonePlan(IReadOnlyList<MapLevel> Outputs, Func<Backbone> Create);

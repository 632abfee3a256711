using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>A neck whose layers a Darknet network has as well, with the head's levels between them.</summary>
internal interface IDarknetNeck
{
    /// <summary>Its layers in Darknet's order.</summary>
    IReadOnlyList<DarknetStage> DarknetStages { get; }
}

/// <summary>Layers of a neck, and the level of the head that follows them in a Darknet network.</summary>
/// <param name="Layers">First to last.</param>
/// <param name="Level">The head's level.</param>
internal sealed record DarknetStage(IReadOnlyList<Module> Layers, int Level);

using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Layers.Darknet;

/// <summary>A head whose layers a Darknet network has as well.</summary>
internal interface IDarknetHead
{
    /// <summary>The layers of each level, in the order of the levels.</summary>
    IReadOnlyList<IReadOnlyList<Module>> DarknetLevels { get; }
}

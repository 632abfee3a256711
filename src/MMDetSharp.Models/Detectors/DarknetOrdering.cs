using MMDetSharp.Models.Layers.Darknet;
using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Detectors;

/// <summary>The order of a <c>.weights</c> file for a detector of backbone, neck and head.</summary>
internal static class DarknetOrdering
{
    /// <summary>All convolutions: the backbone's, then the neck's with the head's levels between them.</summary>
    /// <param name="backbone">Its children stand in Darknet's order.</param>
    /// <param name="neck">Tells where the head's levels come; null: behind the backbone, one after the other.</param>
    /// <param name="head">Tells the layers of its levels.</param>
    internal static IReadOnlyList<DarknetConvolution> Of(Module backbone, IDarknetNeck? neck, IDarknetHead head)
    {
        var behind = neck is null
            ? head.DarknetLevels.SelectMany(level => level)
            : neck.DarknetStages.SelectMany(stage => stage.Layers.Concat(head.DarknetLevels[stage.Level]));
        return [.. behind.Prepend(backbone).SelectMany(Convolutions)];
    }

    // A batch norm belongs to the convolution right before it.
    private static IEnumerable<DarknetConvolution> Convolutions(Module part)
    {
        var modules = part.NamedModules().Select(entry => entry.Value);
        Module[] leaves = [.. modules.Where(module => module.Children.Count == 0)];
        for (var i = 0; i < leaves.Length; i++)
        {
            if (leaves[i] is Conv2d convolution)
            {
                yield return new(convolution, leaves.ElementAtOrDefault(i + 1) as BatchNorm2d);
            }
        }
    }
}

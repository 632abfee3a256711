using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Layers;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A criterion that can say which places learn an object: to be looked at.</summary>
public interface IPositivePlaces
{
    /// <summary>The places that learn an object.</summary>
    /// <param name="maps">As the network gave them; borrowed. Some assignments depend on them.</param>
    /// <param name="batch">What happened to each image, and its objects; borrowed.</param>
    /// <returns>Level by level; one for each anchor, where several stand at a place.</returns>
    IReadOnlyList<PositivePlace> Positives(MapSet maps, Batch batch);
}

/// <summary>A place that learns an object.</summary>
/// <param name="Image">The image's index in the batch.</param>
/// <param name="Level">The level, from 0, finest first.</param>
/// <param name="X">Of the anchor's centre or the point, in pixels of the network's input.</param>
/// <param name="Y">Likewise.</param>
/// <param name="Label">The object's class.</param>
public readonly record struct PositivePlace(int Image, int Level, float X, float Y, int Label);

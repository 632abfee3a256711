using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Engine.Analysis;

/// <summary>What a network sees, as an image again.</summary>
internal static class BatchImage
{
    /// <summary>One image of a batch: back from (C, H, W) to pixels in the order of files.</summary>
    /// <param name="batch">Normalised images; borrowed.</param>
    /// <param name="index">From 0.</param>
    /// <returns>uint8 BGR; it belongs to the caller.</returns>
    internal static Image Of(Batch batch, int index)
    {
        var norm = batch.Infos[index].NormConfig;
        using var values = batch.Images[index];
        var planes = values.ToArray();
        var (height, width) = ((int)batch.Images.Size(2), (int)batch.Images.Size(3));
        var pixels = new byte[planes.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var (channel, place) = (i / (height * width), i % (height * width));
            var value = (planes[i] * norm.Std[channel]) + norm.Mean[channel];
            pixels[(place * 3) + (norm.ToRgb ? 2 - channel : channel)] = (byte)Math.Clamp(Math.Round(value), 0, 255);
        }

        return Image.FromPixels(pixels, new ImageShape(height, width));
    }
}

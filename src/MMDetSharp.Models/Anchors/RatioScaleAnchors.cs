namespace MMDetSharp.Models.Anchors;

/// <summary>The anchors of a level's first place: every ratio at every scale.</summary>
internal static class RatioScaleAnchors
{
    /// <summary>Makes the anchors of the first place.</summary>
    /// <param name="options">Ratios, scales, base sizes, centres.</param>
    /// <returns>Per level (A, 4) xyxy in pixels, row-major.</returns>
    internal static float[][] Make(AnchorGeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var scales = options.Scales ?? OctaveScales(options.OctaveBaseScale!.Value, options.ScalesPerOctave!.Value);
        var levels = new float[options.Strides.Count][];
        for (var level = 0; level < levels.Length; level++)
        {
            var size = options.BaseSizes?[level] ?? Math.Min(options.Strides[level].X, options.Strides[level].Y);
            var offset = (float)(options.CenterOffset * size);
            var center = options.Centers?[level] ?? (offset, offset);
            levels[level] = Level(size, center, scales, options);
        }

        return levels;
    }

    // arXiv:1708.02002, section 4: sizes 2^0, 2^(1/3), 2^(2/3) of each octave.
    private static float[] OctaveScales(double baseScale, int count)
    {
        var scales = new float[count];
        for (var i = 0; i < count; i++)
        {
            scales[i] = (float)(Math.Pow(2, (double)i / count) * baseScale);
        }

        return scales;
    }

    private static float[] Level(
        float size, (float X, float Y) center, IReadOnlyList<float> scales, AnchorGeneratorOptions options)
    {
        var anchors = new List<float>(options.Ratios.Count * scales.Count * 4);
        if (options.ScaleMajor)
        {
            foreach (var ratio in options.Ratios)
            {
                foreach (var scale in scales)
                {
                    var height = MathF.Sqrt(ratio);
                    Add(anchors, center, (size * (1 / height) * scale, size * height * scale));
                }
            }
        }
        else
        {
            foreach (var scale in scales)
            {
                foreach (var ratio in options.Ratios)
                {
                    var height = MathF.Sqrt(ratio);
                    Add(anchors, center, (size * scale * (1 / height), size * scale * height));
                }
            }
        }

        return [.. anchors];
    }

    private static void Add(List<float> anchors, (float X, float Y) center, (float Width, float Height) size)
    {
        anchors.Add(center.X - (0.5f * size.Width));
        anchors.Add(center.Y - (0.5f * size.Height));
        anchors.Add(center.X + (0.5f * size.Width));
        anchors.Add(center.Y + (0.5f * size.Height));
    }
}

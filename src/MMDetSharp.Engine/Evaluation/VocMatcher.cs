namespace MMDetSharp.Engine.Evaluation;

/// <summary>Matches the detections of one class on one image with its objects: true positive, false positive or ignored.</summary>
internal sealed class VocMatcher(VocEvaluationOptions options)
{
    /// <summary>The outcome of each detection, in their own order; they are matched by descending score.</summary>
    internal VocOutcome[] Match(VocImage image, ScaleRange? scale)
    {
        var outcomes = new VocOutcome[image.Scores.Length];
        var covered = new bool[image.Objects];
        foreach (var d in Enumerable.Range(0, outcomes.Length).OrderByDescending(d => image.Scores[d]))
        {
            var g = options.Protocol == VocProtocol.ImageNet ? ChooseFree(image, d, covered) : ChooseNearest(image, d);
            if (g < 0)
            {
                outcomes[d] = scale is null || scale.Value.Holds(BoxOverlap.Area(image.Detection(d)))
                    ? VocOutcome.Wrong
                    : VocOutcome.Ignored;
            }
            else if (options.Protocol == VocProtocol.ImageNet)
            {
                covered[g] = true;
                outcomes[d] = IsIgnored(image, g, scale) ? VocOutcome.Ignored : VocOutcome.Right;
            }
            else if (!IsIgnored(image, g, scale))
            {
                outcomes[d] = covered[g] ? VocOutcome.Wrong : VocOutcome.Right;
                covered[g] = true;
            }
        }

        return outcomes;
    }

    private static bool IsIgnored(VocImage image, int g, ScaleRange? scale) =>
        g >= image.Wanted || (scale is { } range && !range.Holds(BoxOverlap.Area(image.Object(g))));

    /// <summary>VOC: the object of the largest overlap, if that is enough; found already or not.</summary>
    private int ChooseNearest(VocImage image, int d)
    {
        var best = -1f;
        var chosen = -1;
        for (var g = 0; g < image.Objects; g++)
        {
            var overlap = BoxOverlap.IoU(image.Detection(d), image.Object(g));
            if (overlap > best)
            {
                best = overlap;
                chosen = g;
            }
        }

        return chosen >= 0 && best >= options.IoUThreshold ? chosen : -1;
    }

    /// <summary>ImageNet: the free object of the largest overlap; a small object needs less of it.</summary>
    private int ChooseFree(VocImage image, int d, bool[] covered)
    {
        var best = -1f;
        var chosen = -1;
        Span<float> shifted = stackalloc float[4];
        for (var g = 0; g < image.Objects; g++)
        {
            var box = image.Object(g);
            for (var c = 0; c < 4; c++)
            {
                shifted[c] = box[c] - 1;     // As the reference: boxes counted from 1, detections from 0.
            }

            var overlap = BoxOverlap.IoU(image.Detection(d), shifted);
            if (!covered[g] && overlap >= Needed(box) && overlap > best)
            {
                best = overlap;
                chosen = g;
            }
        }

        return chosen;
    }

    private float Needed(ReadOnlySpan<float> box)
    {
        var width = box[2] - box[0];
        var height = box[3] - box[1];
        return Math.Min(width * height / ((width + 10f) * (height + 10f)), (float)options.IoUThreshold);
    }
}

/// <summary>What a detection counts as.</summary>
internal enum VocOutcome
{
    /// <summary>It matched an ignored object, or has another size than asked for.</summary>
    Ignored,

    /// <summary>A true positive: the first detection of an object.</summary>
    Right,

    /// <summary>A false positive: it matched nothing, or an object that was found already.</summary>
    Wrong,
}

using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;

namespace MMDetSharp.Tests.Engine.Evaluation;

/// <summary>
/// COCO's protocol as it is told, one class, size, threshold and image at a time: the twin of the fast one.
/// </summary>
internal sealed class SlowCocoEvaluator(
    CocoAnnotations annotations, CocoResults results, CocoEvaluationOptions options)
{
    /// <summary>Precision at each recall threshold and the largest recall; null where there is no object.</summary>
    internal (double[] Precision, double Recall)? Curve(CurveIndex at, IReadOnlyList<long> categoryIds)
    {
        var range = options.AreaRanges[at.Area];
        var classes = options.UseCategories ? [categoryIds[at.Class]] : categoryIds;
        var decisions = new List<(double Score, bool Found, bool Wrong)>();
        var objects = 0;
        foreach (var imageId in ImageIds().Distinct().Order())
        {
            var truths = classes.SelectMany(c => Truths(imageId, c)).ToList();
            var found = classes.SelectMany(c => Found(imageId, c)).OrderByDescending(d => d.Score)
                .Take(options.MaxDetections[^1]).ToList();
            objects += truths.Count(t => !IsIgnored(t, range));
            decisions.AddRange(
                Match(truths, found, options.IoUThresholds[at.IoU], range)
                    .Take(options.MaxDetections[at.MaxDetections]));
        }

        return objects == 0 ? null : Read([.. decisions.OrderByDescending(d => d.Score)], objects);
    }

    private IEnumerable<long> ImageIds() => options.ImageIds ?? [.. annotations.Images.Select(image => image.Id)];

    private IEnumerable<CocoAnnotation> Truths(long imageId, long category)
    {
        annotations.TryFindImage(imageId, out var index);
        return annotations.Of(index).ToArray().Where(t => t.CategoryId == category);
    }

    private IEnumerable<CocoResult> Found(long imageId, long category) =>
        results.Rows.ToArray().Where(d => d.ImageId == imageId && d.CategoryId == category);

    private static bool IsIgnored(CocoAnnotation truth, AreaRange range) =>
        truth.IsCrowd || truth.Area < range.Min || truth.Area > range.Max;

    private static IEnumerable<(double Score, bool Found, bool Wrong)> Match(
        List<CocoAnnotation> truths, List<CocoResult> found, double threshold, AreaRange range)
    {
        var sorted = truths.OrderBy(t => IsIgnored(t, range) ? 1 : 0).ToList();
        var taken = new bool[sorted.Count];
        foreach (var detection in found)
        {
            var match = Choose(sorted, taken, detection, threshold, range);
            if (match >= 0)
            {
                taken[match] = true;
            }

            var matched = match >= 0 && sorted[match].Id != 0;
            var area = detection.Width * detection.Height;
            var otherSize = area < range.Min || area > range.Max;
            var ignored = match >= 0 && IsIgnored(sorted[match], range);
            ignored |= !matched && otherSize;
            yield return (detection.Score, matched && !ignored, !matched && !ignored);
        }
    }

    private static int Choose(
        List<CocoAnnotation> sorted, bool[] taken, CocoResult detection, double threshold, AreaRange range)
    {
        var best = Math.Min(threshold, 1 - 1e-10);
        var match = -1;
        for (var g = 0; g < sorted.Count; g++)
        {
            if (taken[g] && !sorted[g].IsCrowd)
            {
                continue;
            }

            if (match >= 0 && !IsIgnored(sorted[match], range) && IsIgnored(sorted[g], range))
            {
                break;
            }

            var overlap = IoU(detection, sorted[g]);
            if (overlap >= best)
            {
                best = overlap;
                match = g;
            }
        }

        return match;
    }

    private static double IoU(CocoResult d, CocoAnnotation g)
    {
        var width = Math.Min(d.X + d.Width, g.X + g.Width) - Math.Max(d.X, g.X);
        var height = Math.Min(d.Y + d.Height, g.Y + g.Height) - Math.Max(d.Y, g.Y);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        var area = d.Width * d.Height;
        return width * height / (g.IsCrowd ? area : area + (g.Width * g.Height) - (width * height));
    }

    private (double[] Precision, double Recall) Read(
        List<(double Score, bool Found, bool Wrong)> decisions, int objects)
    {
        var recall = new double[decisions.Count];
        var precision = new double[decisions.Count];
        var found = 0;
        var wrong = 0;
        for (var i = 0; i < decisions.Count; i++)
        {
            found += decisions[i].Found ? 1 : 0;
            wrong += decisions[i].Wrong ? 1 : 0;
            recall[i] = (double)found / objects;
            precision[i] = found / (wrong + found + 2.220446049250313e-16);
        }

        for (var i = decisions.Count - 1; i > 0; i--)
        {
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        }

        var curve = options.RecallThresholds
            .Select(r => Array.FindIndex(recall, value => value >= r))
            .Select(i => i < 0 ? 0 : precision[i]);
        return ([.. curve], decisions.Count > 0 ? recall[^1] : 0);
    }
}

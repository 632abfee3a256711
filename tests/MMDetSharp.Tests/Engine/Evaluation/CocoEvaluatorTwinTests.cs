using FsCheck.Xunit;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;

namespace MMDetSharp.Tests.Engine.Evaluation;

/// <summary>The fast evaluator gives the very doubles of its slow twin, on data with many ties.</summary>
public class CocoEvaluatorTwinTests
{
    [Property(MaxTest = 60)]
    public void Evaluate_RandomData_EqualsTwin(int seed, bool useCategories, bool subset)
    {
        var random = new Random(seed);
        var annotations = RandomAnnotations(random);
        var results = RandomResults(random, annotations, random.Next(0, 120));
        var options = new CocoEvaluationOptions
        {
            UseCategories = useCategories,
            MaxDetections = random.Next(2) == 0 ? [1, 3, 5] : [1, 10, 100],
            IoUThresholds = random.Next(2) == 0 ? [0.75, 0.5] : new CocoEvaluationOptions().IoUThresholds,
            AreaRanges = [new("all", 0, 1e10), new("small", 0, 30), new("large", 30, 1e10)],
            CategoryIds = subset ? [7, 2] : null,
            ImageIds = subset ? [.. annotations.Images.Select(i => i.Id).Where(id => id % 3 != 0).Reverse()] : null,
            Threads = random.Next(0, 3),
        };

        AssertEqualsTwin(annotations, results, options);
    }

    [Fact]
    public void Evaluate_SixtyFourThresholds_EqualsTwin()
    {
        var random = new Random(1);
        var annotations = RandomAnnotations(random);
        var options = new CocoEvaluationOptions
        {
            IoUThresholds = [.. Enumerable.Range(0, 64).Select(i => i / 63.0)],
            AreaRanges = [new("all", 0, 1e10)],
        };

        AssertEqualsTwin(annotations, RandomResults(random, annotations, 150), options);
    }

    [Fact]
    public void Evaluate_ManyObjectsOnOneImage_EqualsTwin()
    {
        var random = new Random(2);
        var boxes = Enumerable.Range(0, 60).Select(i => RandomBox(random, i, 1, 1)).ToList();
        var annotations = new CocoAnnotations("a.json", [new(1, "a", 64, 64)], [new(1, "a")], boxes);

        AssertEqualsTwin(
            annotations, RandomResults(random, annotations, 150), new CocoEvaluationOptions { UseCategories = false });
    }

    private static void AssertEqualsTwin(
        CocoAnnotations annotations, CocoResults results, CocoEvaluationOptions options)
    {
        var fast = CocoEvaluator.Evaluate(annotations, results, options);
        var slow = new SlowCocoEvaluator(annotations, results, options);
        for (var i = 0; i < options.IoUThresholds.Count * fast.Classes * options.AreaRanges.Count * 3; i++)
        {
            var (rest, m) = Math.DivRem(i, 3);
            (rest, var a) = Math.DivRem(rest, options.AreaRanges.Count);
            var (t, k) = Math.DivRem(rest, fast.Classes);
            var at = new CurveIndex(t, k, a, m);
            var expected = slow.Curve(at, fast.CategoryIds);
            Assert.Equal(expected?.Recall ?? -1, fast.Recall(at));
            Assert.Equal(
                expected?.Precision ?? [.. options.RecallThresholds.Select(_ => -1.0)],
                options.RecallThresholds.Select((_, r) => fast.Precision(at, r)));
        }
    }

    /// <summary>
    /// Boxes on a coarse grid, so that overlaps and areas are often equal; id 0 among them; some crowds.
    /// </summary>
    private static CocoAnnotations RandomAnnotations(Random random)
    {
        var images = Enumerable.Range(1, random.Next(1, 6)).Reverse().Select(i => new CocoImage(i, $"{i}", 64, 64));
        CocoCategory[] categories = [new(7, "a"), new(2, "b"), new(4, "c")];
        var boxes = Enumerable.Range(0, random.Next(0, 25)).Select(
            i => RandomBox(random, i, random.Next(1, 2), categories[random.Next(3)].Id)).ToList();
        var list = images.ToList();
        boxes = [.. boxes.Select(box => box with { ImageId = list[random.Next(list.Count)].Id })];
        return new CocoAnnotations("a.json", list, categories, boxes);
    }

    private static CocoAnnotation RandomBox(Random random, long id, long image, long category)
    {
        var (width, height) = (random.Next(1, 5) * 2, random.Next(1, 5) * 2);
        return new CocoAnnotation(id, image, category)
        {
            X = random.Next(6) * 2,
            Y = random.Next(6) * 2,
            Width = width,
            Height = height,
            Area = random.Next(3) == 0 ? 30 : width * height,
            IsCrowd = random.Next(5) == 0,
            IsIgnored = random.Next(6) == 0,
        };
    }

    private static CocoResults RandomResults(Random random, CocoAnnotations annotations, int count)
    {
        var results = new CocoResults();
        for (var i = 0; i < count; i++)
        {
            var image = annotations.Images[random.Next(annotations.Images.Count)].Id;
            var box = RandomBox(random, 0, image, 0);
            var known = annotations.Categories[random.Next(annotations.Categories.Count)].Id;
            var category = random.Next(12) == 0 ? 99 : known;
            results.Add(new CocoResult(image, category, random.Next(-2, 6) / 4.0)
            {
                X = box.X,
                Y = box.Y,
                Width = box.Width,
                Height = box.Height,
            });
        }

        return results;
    }
}

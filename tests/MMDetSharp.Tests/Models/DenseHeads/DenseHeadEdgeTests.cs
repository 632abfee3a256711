using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads;

/// <summary>What every dense head must bear: images without objects, with many, with tiny ones, with ones outside.</summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class DenseHeadEdgeTests
{
    private const int Side = 64;

    public static TheoryData<string> Recipes =>
        [.. ThinRecipes.Names.Where(name => name.StartsWith("quickstart/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Train_ImagesWithoutObjects_BoxesLearnNothingAndNothingIsMissing(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);

        var terms = Learn(detector, [], []);

        Assert.All(
            terms.Where(term => term.Name.Contains("bbox", StringComparison.Ordinal)).SelectMany(term => term.Values),
            value => Assert.Equal(0, value.Item()));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Train_ImagesWithAndWithoutObjects_IsFinite(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);

        Learn(detector, [], [8, 8, 40, 40]);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Train_ManyObjects_IsFinite(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);
        var random = new Random(3);
        float[] many =
        [
            .. Enumerable.Range(0, 500).SelectMany(_ =>
            {
                var (x, y) = (random.NextSingle() * 40, random.NextSingle() * 40);
                return (float[])[x, y, x + 2 + (random.NextSingle() * 20), y + 2 + (random.NextSingle() * 20)];
            }),
        ];

        Learn(detector, many, [8, 8, 40, 40]);
    }

    // Smaller than a cell; as thin as a line; at the very edge, as clipping leaves it; the whole image.
    [Theory]
    [MemberData(nameof(Recipes))]
    public void Train_OddObjects_IsFinite(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);

        Learn(detector, [10, 10, 11, 11, 0, 30, 64, 30.5f], [63, 63, 64, 64, 0, 0, 64, 64]);
    }

    // No anchor and no predicted box overlaps it.
    [Theory]
    [MemberData(nameof(Recipes))]
    public void Train_ObjectOutsideTheImage_IsFinite(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);

        Learn(detector, [900, 900, 920, 920], []);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Detect_FreshWeights_FindsNothingProbable(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);
        detector.Eval();
        using var images = Tensor.Zeros([1, 3, Side, Side]);

        // An object has probability 0.01 everywhere; with PAA's root of class times IoU, sqrt(0.01 / 2) = 0.07. SSD's
        // softmax over three classes and background begins with equal parts, 0.25.
        var most = recipe.Contains("ssd", StringComparison.Ordinal) ? 0.26f : 0.08f;
        var found = detector.Detect(Images(images, 1, []), rescale: true)[0];
        Assert.All(found.Scores.ToArray(), score => Assert.InRange(score, 0, most));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void LocatePositives_OneObject_AreItsPlaces(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var detector = Build(recipe);
        var images = Tensor.Zeros([2, 3, Side, Side]);

        var places = detector.LocatePositives(Images(images, 2, [[], [8, 8, 40, 40]]));

        Assert.NotEmpty(places);
        Assert.Equal(places.OrderBy(place => place.Level).Select(place => place.Level), places.Select(place => place.Level));
        Assert.All(places, place =>
        {
            Assert.Equal((1, 0), (place.Image, place.Label));
            Assert.InRange(place.X, 0, Side);
            Assert.InRange(place.Y, 0, Side);
        });
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Run_CompiledAtAnySize_IsTheEagerResult(string recipe)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var detector = Build(recipe);
        detector.Eval();
        using var compiled = new CompiledExecutor(detector);
        foreach (var (height, width) in (ReadOnlySpan<(int, int)>)[(Side, Side), (97, 131), (33, 200)])
        {
            using var generator = new Generator(7);
            var images = Tensor.Zeros([1, 3, height, width]);
            images.UniformInPlace(-1, 1, generator);

            var expected = new EagerExecutor().Run(detector.Parts[0], images);
            var found = compiled.Run(detector.Parts[0], images);

            foreach (var (wanted, map) in expected.Tensors.Zip(found.Tensors))
            {
                Assert.Equal(wanted.Shape, map.Shape);
                var largest = wanted.Abs().Max().Item();
                Assert.InRange((wanted - map).Abs().Max().Item(), 0, 1e-4 * largest); // other kernels, batch norms folded
            }
        }
    }

    private static Detector Build(string recipe)
    {
        var detector = DetectorBuilder.Build(ThinRecipes.Load(recipe));
        using var generator = new Generator(5);
        detector.InitWeights(generator);
        detector.Train();
        return detector;
    }

    // One step of two images; losses and gradients must be finite, and no gradient missing.
    private static LossTerms Learn(Detector detector, params float[][] objects)
    {
        using var generator = new Generator(6);
        var images = Tensor.Zeros([objects.Length, 3, Side, Side]);
        images.UniformInPlace(-1, 1, generator);
        detector.UseRandomness(generator);
        var terms = detector.ComputeLosses(Images(images, objects.Length, objects));
        terms.Total().Backward();
        foreach (LossTerm term in terms)
        {
            Assert.All(term.Values, value => Assert.True(double.IsFinite(value.Mean().Item()), term.Name));
        }

        foreach (var entry in detector.NamedParameters().Where(entry => entry.Tensor.RequiresGrad))
        {
            Assert.True(entry.Tensor.Grad is not null, $"{entry.Name} has no gradient");
            Assert.True(double.IsFinite(entry.Tensor.Grad!.Sum().Item()), $"the gradient of {entry.Name} is not finite");
        }

        return terms;
    }

    private static Batch Images(Tensor images, int count, float[][] objects)
    {
        var shape = new ImageShape(Side, Side, 3);
        var info = new ImageInfo { FileName = "drawn.png", OriginalShape = shape, ImageShape = shape, PadShape = shape };
        return new Batch(
            images,
            [.. Enumerable.Repeat(info, count)],
            [.. objects.Select(boxes => new GroundTruth(
                Tensor.From(boxes, boxes.Length / 4, 4),
                Tensor.From([.. Enumerable.Range(0, boxes.Length / 4).Select(i => (long)(i % 3))], boxes.Length / 4),
                Tensor.Zeros([0, 4])))]);
    }
}

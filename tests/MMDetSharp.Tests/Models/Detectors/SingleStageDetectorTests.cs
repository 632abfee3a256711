using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.DenseHeads;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Models.Necks;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Detectors;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class SingleStageDetectorTests
{
    [Fact]
    public void StateDict_Always_HasThePartsInOrder()
    {
        using var detector = Thin();

        var parts = detector.StateDict().Select(entry => entry.Name.Split('.')[0]).Distinct();

        Assert.Equal(["backbone", "neck", "bbox_head"], parts);
        Assert.Equal(3, detector.ClassCount);
    }

    [Fact]
    public void Detect_ABatch_TheDecoderSeesItsMapsByNameAndLevel()
    {
        using var scope = TensorScope.Begin();
        using var detector = Thin();
        detector.Eval();

        var found = detector.Detect(MakeBatch(2, 64, 96), rescale: true);

        // Levels of strides 8 to 128: 12 x 8 places, and so on; the class tells that the scores were seen.
        Assert.Equal(2, found.Length);
        Assert.All(found, one => Assert.Equal(
            [0f, 0, 12, 8, 0, 0, 6, 4, 0, 0, 3, 2, 0, 0, 2, 1, 0, 0, 1, 1], one.Boxes.ToArray()));
        Assert.All(found[1].Labels.ToInt64Array(), label => Assert.Equal(2, label));
    }

    [Theory]
    [InlineData(64, 96)]
    [InlineData(75, 130)]
    [InlineData(250, 33)]
    [InlineData(32, 31)]
    public void ForwardDense_Compiled_EqualsEagerAtEverySize(int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var detector = Thin();
        detector.Eval();
        using var compiled = new CompiledExecutor(detector);
        var images = Normal(3, 2, 3, height, width);

        var expected = detector.Parts[0].Forward(images).Tensors;
        var actual = compiled.Run(detector.Parts[0], images).Tensors;

        Assert.Equal(expected.Select(map => map.Shape), actual.Select(map => map.Shape));
        Assert.All(expected.Zip(actual), pair =>
        {
            var slack = 1e-5 * pair.First.Abs().Max().Item();
            Assert.InRange((pair.First - pair.Second).Abs().Max().Item(), 0, slack);
        });
    }

    [Fact]
    public void ComputeLosses_ThenBackward_EveryLearnedParameterHasAGradient()
    {
        using var scope = TensorScope.Begin();
        using var detector = Thin();
        detector.Train();

        detector.ComputeLosses(MakeBatch(1, 64, 64)).Total().Backward();

        Assert.All(detector.NamedParameters(), entry => Assert.Equal(
            entry.Tensor.RequiresGrad, entry.Tensor.Grad is not null));
    }

    [Fact]
    public void ReadValues_TermsAndTotal_AsTheReferenceAddsThem()
    {
        using var scope = TensorScope.Begin();
        var terms = new LossTerms();
        terms.Add("loss_cls", Tensor.Scalar(1), Tensor.Scalar(2));
        terms.Add("accuracy", Tensor.Scalar(50));
        terms.Add("loss_bbox", Tensor.From([4f, 8], 2));        // its mean

        var values = terms.ReadValues();

        Assert.Equal(
            [new("loss_cls", 3), new("accuracy", 50), new("loss_bbox", 6), new("loss", 9)],
            values);
        Assert.Equal(9, terms.Total().Item());
    }

    [Fact]
    public void ManyCalls_LeaveOnlyTheirResults()
    {
        using var detector = Thin();
        using var batch = MakeBatch(1, 64, 64);
        var before = Tensor.LiveCount;

        for (var i = 0; i < 3; i++)
        {
            var terms = detector.ComputeLosses(batch);
            CountsTensors.AssertAtMost(before + 2);
            terms["loss_a"][0].Dispose();
            terms["loss_b"][0].Dispose();
            var found = detector.Detect(batch, rescale: false);
            var merged = detector.DetectAugmented([batch, batch], rescale: false);
            CountsTensors.AssertAtMost(before + 6);
            found[0].Dispose();
            merged.Dispose();
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void DetectAugmented_BatchesOfSeveral_SaysWhatToDo()
    {
        using var detector = Thin();
        using var batch = MakeBatch(2, 64, 64);

        var error = Assert.Throws<ArgumentException>(() => detector.DetectAugmented([batch, batch], rescale: true));

        Assert.Contains("batches of [2, 2]. Set samples_per_gpu=1", error.Message);
        Assert.Throws<ArgumentException>(() => detector.DetectAugmented([], rescale: true));
    }

    private static SingleStageDetector Thin()
    {
        using var generator = new Generator(2);
        var backbone = new ResNet(new() { Depth = 18, BaseChannels = 4, FrozenStages = 1, ZeroInitResidual = false });
        var neck = new FeaturePyramid(new()
        {
            InChannels = [4, 8, 16, 32],
            OutChannels = 8,
            LevelCount = 5,
            StartLevel = 1,
            ExtraConvs = ExtraConvs.OnInput,
        });
        var detector = new SingleStageDetector(backbone, neck, TwoMapHead());
        detector.InitWeights(generator);
        return detector;
    }

    private static Batch MakeBatch(int count, int height, int width)
    {
        var shape = new ImageShape(height, width);
        var info = new ImageInfo { FileName = "a.jpg", OriginalShape = shape, ImageShape = shape, PadShape = shape };
        return new Batch(Normal(1, count, 3, height, width), [.. Enumerable.Repeat(info, count)]);
    }

    private static Tensor Normal(ulong seed, params long[] shape)
    {
        using var generator = new Generator(seed);
        var tensor = Tensor.Zeros(shape);
        tensor.NormalInPlace(0, 1, generator);
        return tensor;
    }

    private static DenseHead TwoMapHead() => new(
        new TwoMaps(), new() { ClassCount = 3, Criterion = new SumCriterion(), Decoder = new SizeDecoder() });

    /// <summary>Two maps per level.</summary>
    private sealed class TwoMaps : HeadNetwork
    {
        private readonly Conv2d _scores;
        private readonly Conv2d _boxes;

        public TwoMaps()
        {
            _scores = RegisterChild("scores", new Conv2d(8, 3, new() { Kernel = 1 }));
            _boxes = RegisterChild("boxes", new Conv2d(8, 4, new() { Kernel = 1 }));
        }

        public override MapSet Forward(Tensor[] features) => new(
            ("scores", Array.ConvertAll(features, _scores.Call)), ("boxes", Array.ConvertAll(features, _boxes.Call)));
    }

    /// <summary>Minimises the sums of both maps.</summary>
    private sealed class SumCriterion : ICriterion
    {
        public LossTerms Compute(MapSet maps, Batch batch)
        {
            using var scope = TensorScope.Begin();
            var terms = new LossTerms();
            terms.Add("loss_a", Sum(maps["scores"]));
            terms.Add("loss_b", Sum(maps["boxes"]));
            return terms.KeepIn(scope);
        }

        private static Tensor Sum(Tensor[] maps) => maps.Select(map => map.Sum()).Aggregate((sum, map) => sum + map);
    }

    /// <summary>One box per level as large as its map, whose class is its number of channels less 1.</summary>
    private sealed class SizeDecoder : IDecoder
    {
        public IReadOnlyList<IReadOnlyList<Candidates>> Decode(MapSet maps) =>
            [.. Enumerable.Range(0, (int)maps["boxes"][0].Size(0)).Select(_ => Levels(maps["scores"]))];

        private static Candidates[] Levels(Tensor[] levels) => [.. levels.Select(map => new Candidates(
            Tensor.From([0f, 0, map.Size(3), map.Size(2)], 1, 4),
            Tensor.From([.. Enumerable.Range(1, (int)map.Size(1)).Select(k => k == map.Size(1) ? 0.9f : 0)], 1, map.Size(1))))];
    }
}

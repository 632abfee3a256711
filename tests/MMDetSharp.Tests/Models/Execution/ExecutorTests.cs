using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Ops;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Execution;

/// <summary>
/// A network of two stages: maps of the whole image and, between the parts, regions of them that depend on values; then
/// scores and boxes of the regions, of which there are as many as the first stage found.
/// </summary>
[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ExecutorTests
{
    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(2, 96, 160)]
    [InlineData(1, 224, 32)]
    public void Run_TwoParts_CompiledIsEager(int images, int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var net = new TwoStages();
        using var compiled = new CompiledExecutor(net);
        var input = Numbers(images, 3, height, width);

        var expected = net.Find(input, new EagerExecutor());
        var found = net.Find(input, compiled);

        Assert.Equal(expected.Names, found.Names);
        Assert.All(expected.Tensors.Zip(found.Tensors), pair =>
        {
            Assert.Equal(pair.First.Shape, pair.Second.Shape);
            Assert.All(pair.First.ToArray().Zip(pair.Second.ToArray()), values => Assert.Equal(values.First, values.Second, 1e-4f));
        });
    }

    [Fact]
    public void Run_OtherNumbersOfRegions_OneRecordingServesAll()
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var net = new TwoStages();
        using var compiled = new CompiledExecutor(net);

        foreach (var count in new[] { 3, 1, 100, 0, 7 })
        {
            var regions = Numbers(count, 8, 7, 7);

            var expected = new EagerExecutor().Run(net.Regions, regions);
            var found = compiled.Run(net.Regions, regions);

            Assert.Equal([count, 5], found["cls_score"][0].Shape);
            Assert.All(
                expected["bbox_pred"][0].ToArray().Zip(found["bbox_pred"][0].ToArray()),
                values => Assert.Equal(values.First, values.Second, 1e-4f));
        }
    }

    [Fact]
    public void Run_ManyTimes_NothingIsLeft()
    {
        using var noGrad = GradMode.NoGrad();
        using var net = new TwoStages();
        using var compiled = new CompiledExecutor(net);
        Find();
        var before = Tensor.LiveCount;

        Find();

        CountsTensors.AssertAtMost(before);

        void Find()
        {
            using var scope = TensorScope.Begin();
            _ = net.Find(Numbers(1, 3, 64, 96), compiled);
        }
    }

    [Fact]
    public void Run_SideIsNoMultiple_NamesTheImagesOwnSize()
    {
        using var scope = TensorScope.Begin();
        using var net = new TwoStages();
        using var compiled = new CompiledExecutor(net);

        foreach (IExecutor executor in new IExecutor[] { new EagerExecutor(), compiled })
        {
            var error = Assert.Throws<ArgumentException>(() => executor.Run(net.Dense, Numbers(1, 3, 40, 64)));

            Assert.StartsWith("dense: height and width must be multiples of 32, got 40 x 64.", error.Message, StringComparison.Ordinal);
        }
    }

    // Different numbers everywhere, the same at each call.
    private static Tensor Numbers(params long[] shape) => Tensor.From(GoldenFill.Input("two stages", shape), shape);

    private sealed class TwoStages : Module
    {
        private readonly Conv2d _stem = new(3, 8, new() { Kernel = 3, Stride = 2, Padding = 1 });
        private readonly Conv2d _coarse = new(8, 8, new() { Kernel = 3, Stride = 2, Padding = 1 });
        private readonly Conv2d _objectness = new(8, 1, new() { Kernel = 1 });
        private readonly Conv2d _region = new(8, 16, new() { Kernel = 3 });
        private readonly Conv2d _scores = new(16, 5, new() { Kernel = 5 });
        private readonly Conv2d _boxes = new(16, 4, new() { Kernel = 5 });

        internal TwoStages()
        {
            RegisterChild("stem", _stem);
            RegisterChild("coarse", _coarse);
            RegisterChild("objectness", _objectness);
            RegisterChild("region", _region);
            RegisterChild("scores", _scores);
            RegisterChild("boxes", _boxes);
            GoldenWeights.Fill(this, "");
            Eval();
            Dense = new() { Name = "dense", Forward = ForwardDense, Channels = 3, SizeDivisor = 32 };
            Regions = new() { Name = "roi", Forward = ForwardRegions, Channels = 8, IsFixedSize = true };
        }

        internal NetworkPart Dense { get; }

        internal NetworkPart Regions { get; }

        // The first stage's four best places of each image, coarse level; their surroundings are the regions.
        internal MapSet Find(Tensor images, IExecutor executor)
        {
            var maps = executor.Run(Dense, images);
            var objectness = maps["objectness"][1];
            var features = Functional.Pad(maps["features"][1], [3, 3, 3, 3]);
            var regions = new List<Tensor>();
            for (var image = 0; image < images.Size(0); image++)
            {
                var places = objectness[image].Flatten().TopK(4, dim: 0).Indices.ToInt64Array();
                regions.AddRange(places.Select(place => features.Narrow(0, image, 1)
                    .Narrow(2, place / objectness.Size(3), 7).Narrow(3, place % objectness.Size(3), 7)));
            }

            return executor.Run(Regions, Tensor.Cat(0, [.. regions]));
        }

        private MapSet ForwardDense(Tensor images)
        {
            using var scope = TensorScope.Begin();
            var fine = _stem.Call(images).Relu();
            Tensor[] features = [fine, _coarse.Call(fine).Relu()];
            return new MapSet(("features", features), ("objectness", Array.ConvertAll(features, _objectness.Call))).KeepIn(scope);
        }

        private MapSet ForwardRegions(Tensor regions)
        {
            using var scope = TensorScope.Begin();
            var features = _region.Call(regions).Relu();
            return new MapSet(
                ("cls_score", [_scores.Call(features).Flatten(1)]), ("bbox_pred", [_boxes.Call(features).Flatten(1)])).KeepIn(scope);
        }
    }
}

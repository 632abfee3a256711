using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.GuidedAnchoring;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.GuidedAnchoring;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class LocationTargetsTests
{
    private static readonly (long Height, long Width)[] s_sizes = [(8, 8), (4, 4), (2, 2)];

    private static readonly LocationTargetOptions s_options = new()
    {
        Strides = [8, 16, 32],
        AnchorScale = 4,
        CenterRatio = 0.2,
        IgnoreRatio = 0.5,
    };

    [Fact]
    public void Make_OneObject_ItsCentreCountsAndItsSurroundingsDoNot()
    {
        // 32 x 32 pixels: as large as the squares of level 0. In places 2 to 6: centre 0.6 x 2 + 0.4 x 6 = 3.6 to 4.4, both
        // place 4; around it 0.75 x 2 + 0.25 x 6 = 3 to 5. On level 1, places 1 to 3: 1.5 to 2.5, both place 2 (half to even).
        using var scope = TensorScope.Begin();

        var made = Make([16, 16, 48, 48]);

        Assert.Equal([(4, 4)], Places(made.Centers[0], 8, value => value == 1));
        Assert.Equal([(4, 4)], Places(made.Weights[0], 8, value => value == 1));
        Assert.Equal(
            [(3, 3), (3, 4), (3, 5), (4, 3), (4, 5), (5, 3), (5, 4), (5, 5)], Places(made.Weights[0], 8, value => value == 0));
        Assert.Equal(55, made.Weights[0].ToArray().Count(weight => weight == 0.1f));
        Assert.Equal(0, made.Centers[1].Sum().Item());
        Assert.Equal([(2, 2)], Places(made.Weights[1], 4, value => value == 0));
        Assert.Equal([0.1f, 0.1f, 0.1f, 0.1f], made.Weights[2].ToArray());
        Assert.Equal((64 + 16 + 4) / 200.0, made.AverageFactor);
    }

    // Squares of 32, 64 and 128: the borders are at 32 x sqrt(2) = 45.3 and 64 x sqrt(2) = 90.5.
    [Theory]
    [InlineData(2, 0)]
    [InlineData(45, 0)]
    [InlineData(46, 1)]
    [InlineData(90, 1)]
    [InlineData(91, 2)]
    [InlineData(2000, 2)]
    public void Make_Sizes_EachHasItsLevel(float side, int level)
    {
        using var scope = TensorScope.Begin();

        var made = Make([32 - (side / 2), 32 - (side / 2), 32 + (side / 2), 32 + (side / 2)]);

        Assert.Equal(
            Enumerable.Range(0, 3).Select(l => l == level), made.Centers.Select(centers => centers.Sum().Item() > 0));
    }

    [Fact]
    public void Make_SmallerThanACell_OnePlaceIsItsCentre()
    {
        // 10 / 8 = 1.25 and 11 / 8 = 1.375: place 1.
        using var scope = TensorScope.Begin();

        var made = Make([10, 10, 11, 11]);

        Assert.Equal([(1, 1)], Places(made.Centers[0], 8, value => value == 1));
    }

    // As the reference: what lies left of the map is cut off at its first column, what lies right of it is not in it.
    [Theory]
    [InlineData(900, 0)]
    [InlineData(-90, 1)]
    public void Make_OutsideTheImage_IsCutOffAsInTheReference(float from, int places)
    {
        using var scope = TensorScope.Begin();

        var made = Make([from, from, from + 32, from + 32]);

        Assert.Equal(places, made.Centers[0].Sum().Item());
    }

    [Fact]
    public void Make_OneObjectInAnother_TheLastOneDecidesOnWeights()
    {
        // The first one's centre is place 4 of row 4, as above. The second one is 6 pixels right of it: places 2.75 to 6.75,
        // centre 4.35 to 5.15: 4 to 5. Or 12 pixels: 3.5 to 7.5, centre 5.1 to 5.9: 5 to 6; around it 4.5 to 6.5: 4 to 6.
        using var scope = TensorScope.Begin();

        var made = Make([16, 16, 48, 48, 22, 16, 54, 48]);
        var apart = Make([16, 16, 48, 48, 28, 16, 60, 48]);

        Assert.Equal([(4, 4), (4, 5)], Places(made.Weights[0], 8, value => value == 1));
        Assert.Equal([(4, 4), (4, 5), (4, 6)], Places(apart.Centers[0], 8, value => value == 1));
        Assert.Equal([(4, 5), (4, 6)], Places(apart.Weights[0], 8, value => value == 1));
    }

    [Fact]
    public void Make_NoObject_AllIsOutside()
    {
        using var scope = TensorScope.Begin();

        var made = Make([]);

        Assert.All(made.Centers, level => Assert.Equal(0, level.Sum().Item()));
        Assert.All(made.Weights.SelectMany(level => level.ToArray()), weight => Assert.Equal(0.1f, weight));
    }

    [Fact]
    public void Make_ManyObjectsInSomeImages_AreThoseOfTheObviousVersion()
    {
        using var scope = TensorScope.Begin();
        float[][] objects = [RandomBoxes(1, 40), [], RandomBoxes(2, 7)];

        var made = new LocationTargets(s_options).Make(s_sizes, Batch(objects));

        var (centers, weights) = Obvious(objects);
        for (var level = 0; level < s_sizes.Length; level++)
        {
            Assert.Equal([3, 1, s_sizes[level].Height, s_sizes[level].Width], made.Centers[level].Shape);
            Assert.Equal(centers[level].ToArray(), made.Centers[level].ToArray());
            Assert.Equal(weights[level].ToArray(), made.Weights[level].ToArray());
        }
    }

    [Fact]
    public void Make_OtherNumberOfMaps_SaysWhatToDo()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => new LocationTargets(s_options).Make([(8, 8)], Batch((float[])[])));

        Assert.Contains("there must be one map per stride, got 1 for 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_Called_LeavesItsTargetsOnly()
    {
        using var scope = TensorScope.Begin();
        var (targets, batch) = (new LocationTargets(s_options), Batch([16, 16, 48, 48]));
        var before = Tensor.LiveCount;

        targets.Make(s_sizes, batch);

        CountsTensors.AssertAtMost(before + 6);
    }

    // Object by object and place by place, on tensors.
    private static (Tensor[] Centers, Tensor[] Weights) Obvious(float[][] objects)
    {
        var centers = s_sizes.Select(size => Tensor.Zeros([objects.Length, 1, size.Height, size.Width])).ToArray();
        var weights = s_sizes.Select(size => Tensor.Full([objects.Length, 1, size.Height, size.Width], -1)).ToArray();
        var near = s_sizes.Select(size => Tensor.Zeros([objects.Length, 1, size.Height, size.Width])).ToArray();
        for (var image = 0; image < objects.Length; image++)
        {
            foreach (var box in objects[image].Chunk(4))
            {
                var octaves = Math.Log2(Math.Sqrt((box[2] - box[0]) * (box[3] - box[1])) / 32);
                var own = (int)Math.Clamp(Math.Floor(octaves + 0.5), 0, 2);
                Set(weights[own], 0.5, 0);
                Set(weights[own], 0.2, 1);
                Set(centers[own], 0.2, 1);
                foreach (var level in new[] { own - 1, own + 1 }.Where(level => level is >= 0 and < 3))
                {
                    Set(near[level], 0.5, 1, level);
                }

                void Set(Tensor map, double part, float value, int? on = null)
                {
                    var stride = s_options.Strides[on ?? own];
                    var (height, width) = s_sizes[on ?? own];
                    var (left, right) = Ends(box[0] / stride, box[2] / stride, part, width);
                    var (top, bottom) = Ends(box[1] / stride, box[3] / stride, part, height);
                    if (left < width && top < height)
                    {
                        map[image][0].Slice(0, top, Math.Min(bottom + 1, height)).Slice(1, left, Math.Min(right + 1, width))
                            .FillInPlace(value);
                    }
                }
            }
        }

        for (var level = 0; level < s_sizes.Length; level++)
        {
            var unset = weights[level].Lt(0);
            weights[level].MaskedFillInPlace(unset, 0.1);
            weights[level].MaskedFillInPlace(unset & near[level].Gt(0), 0);
        }

        return (centers, weights);
    }

    private static (long From, long To) Ends(float from, float to, double part, long length)
    {
        var margin = (1 - part) / 2;
        return (
            Math.Clamp((long)Math.Round(((1 - margin) * from) + (margin * to)), 0, length),
            Math.Clamp((long)Math.Round((margin * from) + ((1 - margin) * to)), 0, length));
    }

    private static (int Y, int X)[] Places(Tensor map, int width, Func<float, bool> holds) =>
        [.. map.ToArray().Select((value, i) => (value, i)).Where(place => holds(place.value))
            .Select(place => (place.i / width, place.i % width))];

    // Sides of 4 to 150 pixels; some reach over the edges.
    private static float[] RandomBoxes(int seed, int count)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).SelectMany(_ =>
            {
                var (x, y) = ((random.NextSingle() * 70) - 10, (random.NextSingle() * 70) - 10);
                return (float[])[x, y, x + 4 + (random.NextSingle() * 146), y + 4 + (random.NextSingle() * 60)];
            }),
        ];
    }

    private static LocationTargetSet Make(float[] boxes) => new LocationTargets(s_options).Make(s_sizes, Batch(boxes));

    private static Batch Batch(params float[][] objects)
    {
        var info = new ImageInfo
        {
            FileName = "some.jpg",
            OriginalShape = new(64, 64),
            ImageShape = new(64, 64),
            PadShape = new(64, 64),
        };
        return new(
            Tensor.Zeros([objects.Length, 3, 64, 64]), [.. objects.Select(_ => info)],
            [.. objects.Select(boxes => new GroundTruth(
                Tensor.From(boxes, boxes.Length / 4, 4), Tensor.Zeros([boxes.Length / 4], ScalarType.Int64),
                Tensor.Zeros([0, 4])))]);
    }
}

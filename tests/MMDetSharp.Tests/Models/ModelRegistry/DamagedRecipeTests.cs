using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.ModelRegistry;

/// <summary>One thing is wrong in a recipe: it is refused clearly, or the detector works all the same.</summary>
[Collection(CountsTensors.Name)]
public sealed partial class DamagedRecipeTests
{
    private static readonly ConcurrentDictionary<string, double> s_losses = new();

    public static TheoryData<string> Recipes => [.. ThinRecipes.Names.Except(ThinRecipes.Wide)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void TheRecipeItself_Works(string recipe)
    {
        using var detector = DetectorBuilder.Build(ThinRecipes.Load(recipe));

        Assert.True(double.IsFinite(Use(detector)));
    }

    // Shape and training do not depend on the widths: those whose widths are fixed wait for the long test.
    [Property(Arbitrary = [typeof(ThinDamages)], Replay = "20261126,1", MaxTest = 250, QuietOnSuccess = true)]
    public void ADamagedRecipe_IsRefusedClearlyOrWorks(RecipeDamage damage) => Check(damage);

    [Property(Arbitrary = [typeof(AllDamages)], MaxTest = 1500, QuietOnSuccess = true)]
    [Trait("Category", "Long")]
    public void ManyDamagedRecipes_AreRefusedClearlyOrWork(RecipeDamage damage) => Check(damage);

    // At every depth: a dict in a list, the config's root parts, the lists of layers.
    [Theory]
    [InlineData("quickstart/retinanet_r18_shapes", "model.neck.start_level")]
    [InlineData("quickstart/retinanet_r18_shapes", "model.backbone.norm_cfg.requires_grad")]
    [InlineData("quickstart/retinanet_r18_shapes", "model.bbox_head.bbox_coder.target_stds")]
    [InlineData("quickstart/retinanet_r18_shapes", "train_cfg.assigner.ignore_iof_thr")]
    [InlineData("quickstart/retinanet_r18_shapes", "test_cfg.nms_pre")]
    [InlineData("quickstart/fcos_r18_shapes", "model.bbox_head.loss_centerness.use_sigmoid")]
    [InlineData("yolov5/yolov5n_coco", "model.loss.label_smoothing")]
    [InlineData("darknet/yolo_fastest_bccd", "test_cfg.nms_thr")]
    public void AMisspeltKey_IsRefusedAtItsFileAndLine(string recipe, string path)
    {
        var config = ThinRecipes.Load(recipe);
        var place = RecipeDamage.PlaceOf(config.Root, path);
        var origin = OriginOf(config.Root, path);

        new RecipeDamage(recipe, place, DamageKind.Misspelt).Apply(config.Root);
        var error = Assert.Throws<ConfigException>(() => DetectorBuilder.Build(config));

        Assert.Contains($"{origin}: {path}s is not an option of ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quickstart/retinanet_r18_shapes", "in_channels")]
    [InlineData("yolov5/yolov5n_coco", "ch")]
    public void Run_ImagesOfOtherChannels_AreRefused(string recipe, string key)
    {
        var config = ThinRecipes.Load(recipe);
        var node = (ConfigNode)config.Root["model"];
        node = key == "ch" ? node : (ConfigNode)node["backbone"];
        node.Set(key, new ConfigScalar(4L, node.Origin), node.Origin);
        using var detector = DetectorBuilder.Build(config);
        using var images = Tensor.Zeros([1, 3, 64, 64]);

        var error = Assert.Throws<ArgumentException>(() => new EagerExecutor().Run(detector.Parts[0], images));

        Assert.Contains("must have shape (B, 4, H, W), got (1, 3, 64, 64)", error.Message, StringComparison.Ordinal);
    }

    private static void Check(RecipeDamage damage)
    {
        var config = ThinRecipes.Load(damage.Recipe);
        var done = damage.Apply(config.Root);
        try
        {
            using var detector = DetectorBuilder.Build(config);
            var loss = Use(detector);
            Assert.True(double.IsFinite(loss), $"{damage.Recipe}: {done}: the loss is {loss}.");
            Assert.False(Misspelt().IsMatch(done), $"{damage.Recipe}: {done}, and nobody said so.");
            if (MustFit().IsMatch(done))
            {
                Assert.True(LossOf(damage.Recipe) == loss, $"{damage.Recipe}: {done}: gives another loss.");
            }
        }
        catch (ConfigException error)
        {
            Assert.True(
                Place().IsMatch(error.Message) && !error.Message.Contains("(Parameter ", StringComparison.Ordinal),
                $"{damage.Recipe}: {done}: must name file, line and key: {error.Message}");
        }
        catch (Exception error) when (IsClear(error))
        {
        }
        catch (Exception error)
        {
            Assert.Fail($"{damage.Recipe}: {done}: {error}");
        }
    }

    private static ConfigOrigin OriginOf(ConfigNode root, string path)
    {
        var keys = path.Split('.');
        var node = keys[..^1].Aggregate(root, (parent, key) => (ConfigNode)parent[key]);
        return node.Find(keys[^1])!.Origin;
    }

    // Ours, and not one that a framework's class throws.
    private static bool IsClear(Exception error) =>
        (error.GetType() == typeof(ArgumentException) || error.GetType() == typeof(InvalidOperationException))
        && error.Message.Contains(" must ", StringComparison.Ordinal);

    // The key; or the line of a Darknet cfg that stands in the config.
    [GeneratedRegex(@"^\S+\.py:\d+: (model|train_cfg|test_cfg|a line must be)\b")]
    private static partial Regex Place();

    [GeneratedRegex(@" misspelt$")]
    private static partial Regex Misspelt();

    // Where the parts of a detector meet: only a value that changes nothing may be accepted. Of ranges the number must fit.
    [GeneratedRegex(
        @"\.(in_channels|input_channels|strides?|num_outs|out_indices|start_level|end_level)(\.\d+)*: |\.regress_ranges: ")]
    private static partial Regex MustFit();

    // Of the recipe as it stands.
    private static double LossOf(string recipe) => s_losses.GetOrAdd(recipe, static name =>
    {
        using var detector = DetectorBuilder.Build(ThinRecipes.Load(name));
        return Use(detector);
    });

    // The loss of one image with two objects, from equal weights; detection must work too.
    private static double Use(Detector detector)
    {
        using var scope = TensorScope.Begin();
        var shape = new ImageShape(64, 64, 3);
        using var truth = new GroundTruth(
            Tensor.From([8f, 8, 40, 40, 30, 20, 60, 60], 2, 4), Tensor.From([0L, 0], 2), Tensor.Zeros([0, 4]));
        using var batch = new Batch(
            Tensor.Full([1, 3, 64, 64], 0.5),
            [new() { FileName = "drawn.png", OriginalShape = shape, ImageShape = shape, PadShape = shape }],
            [truth]);
        using var generator = new Generator(1);
        detector.InitWeights(generator);
        detector.UseRandomness(generator);
        detector.Train();
        var loss = detector.ComputeLosses(batch).Total();
        loss.Backward();
        detector.Eval();
        detector.Detect(batch, rescale: true);
        return loss.Item();
    }
}

using System.Text.Json;

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Engine.Training;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.Training;

/// <summary>Recorded parameter groups, trajectories and clipped gradients, as a config of them gives.</summary>
[Trait("Category", "Golden")]
public sealed class OptimizerGoldenTests
{
    private const string File = "components/optim.safetensors";

    [GoldenFact(File)]
    public void Build_RecordedParamwiseConfigs_GivesRecordedGroups()
    {
        foreach (var one in GoldenFile.Open(File).Cases.Where(one => one.Op == "build_optimizer"))
        {
            using var model = new ParamwiseModel();
            using var optimizer = Build(one.Options.GetProperty("cfg"), model);
            var actual = optimizer.Groups
                .SelectMany(group => group.Parameters.Select(entry => (entry.Name, group.LearningRate, group.WeightDecay)))
                .ToList();

            var expected = one.Options.GetProperty("table").EnumerateArray().ToList();

            Assert.Equal(expected.Select(row => row[0].GetString()), actual.Select(row => row.Name));
            for (var i = 0; i < actual.Count; i++)
            {
                Assert.Equal(expected[i][1].GetDouble(), actual[i].LearningRate, 1e-15);
                Assert.Equal(expected[i][2].GetDouble(), actual[i].WeightDecay, 1e-15);
            }
        }
    }

    [GoldenFact(File)]
    public void Step_RecordedGradients_FollowsRecordedTrajectory()
    {
        var file = GoldenFile.Open(File);
        foreach (var one in file.Cases.Where(one => one.Name.StartsWith("step_", StringComparison.Ordinal)))
        {
            using var model = new VectorModel(file.Floats(one.In("p0")));
            using var optimizer = Build(one.Options.GetProperty("cfg"), model);

            var actual = Trajectory(model, optimizer, file.Floats(one.In("grads")));

            // Single precision; the fused and the plain kernels round differently.
            file.AssertClose(one.Out("traj"), actual, file.Shape(one.Out("traj")), 1e-6, 1e-5);
        }
    }

    [GoldenFact(File)]
    public void Clip_RecordedGradients_GivesRecordedOnes()
    {
        var file = GoldenFile.Open(File);
        foreach (var one in file.Cases.Where(one => one.Op == "clip_grad_norm_"))
        {
            using var scope = TensorScope.Begin();
            var entries = new[] { Parameter(file, one.In("g1")), Parameter(file, one.In("g2")) };
            var text = one.Options.GetProperty("norm_type").GetString()!;
            var norm = text == "inf" ? double.PositiveInfinity : double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

            var total = GradientClip.ByNorm(entries, one.Options.GetProperty("max_norm").GetDouble(), norm);

            Assert.Equal(file.Scalar(one.Out("total")), total, 1e-5);
            file.AssertClose(one.Out("o1"), entries[0].Tensor.Grad!.ToArray(), file.Shape(one.Out("o1")), 1e-6, 1e-5);
            file.AssertClose(one.Out("o2"), entries[1].Tensor.Grad!.ToArray(), file.Shape(one.Out("o2")), 1e-6, 1e-5);
        }
    }

    private static Optimizer Build(JsonElement options, Module model) => OptimizerRegistry.Build(
        new ConfigReader(Config.Parse($"{{\"optimizer\": {options.GetRawText()}}}", "optimizer.json").Root).Node("optimizer"),
        model);

    private static float[] Trajectory(VectorModel model, Optimizer optimizer, float[] gradients)
    {
        var places = new List<float>();
        foreach (var gradient in gradients.Chunk((int)model.Vector.ElementCount))
        {
            using var scope = TensorScope.Begin();
            model.Vector.SetGrad(Tensor.From(gradient, gradient.Length));
            optimizer.Step();
            places.AddRange(model.Vector.ToArray());
        }

        return [.. places];
    }

    private static StateEntry Parameter(GoldenFile file, string gradient)
    {
        var values = file.Floats(gradient);
        var tensor = Tensor.Zeros([values.Length]);
        tensor.RequiresGrad = true;
        tensor.SetGrad(Tensor.From(values, values.Length));
        return new StateEntry(gradient, tensor, IsParameter: true);
    }

    private sealed class VectorModel : Module
    {
        internal VectorModel(float[] values) => Vector = RegisterParameter("p", Tensor.From(values, values.Length));

        internal Tensor Vector { get; }
    }

    /// <summary>The model that the groups were recorded with: its names and kinds of layers.</summary>
    private sealed class ParamwiseModel : Module
    {
        internal ParamwiseModel()
        {
            RegisterChild("conv", new Conv2d(3, 4, new() { Kernel = 3 }));
            RegisterChild("bn", new BatchNorm2d(4));
            RegisterChild("dw", new Conv2d(4, 4, new() { Kernel = 3, Groups = 4 }));
            RegisterChild("gn", new GroupNorm(2, 4));
            RegisterChild("dcn", new DeformableModel());
            RegisterChild("fc", new Linear(4, 2));
        }
    }

    private sealed class DeformableModel : Module
    {
        internal DeformableModel()
        {
            RegisterParameter("weight", Tensor.Zeros([4, 4, 3, 3]));
            RegisterChild("conv_offset", new Conv2d(4, 18, new() { Kernel = 3 }));
        }
    }
}

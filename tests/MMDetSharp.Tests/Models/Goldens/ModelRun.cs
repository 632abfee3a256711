using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Backbones;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Models.Layers;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Optimizers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Goldens;

/// <summary>Does with our model what was done with the reference's: evaluation, a training step, and losses after it.</summary>
internal static class ModelRun
{
    // Outputs that the reference returns level by level as parts of one: which output, which part of it.
    private static readonly Dictionary<string, (int Output, int Part)> s_parts = new()
    {
        ["bbox_cls_pred"] = (1, 0),
        ["bbox_reg_pred"] = (1, 1),
    };

    /// <summary>Runs a model and collects all values that are recorded of it.</summary>
    internal static ModelValues Compute(ModelGolden golden)
    {
        using var scope = TensorScope.Begin();
        using var detector = golden.Build();
        var values = new ModelValues();
        Evaluate(golden, (SingleStageDetector)detector, values);
        Train(golden, (SingleStageDetector)detector, values);
        return values;
    }

    private static void Evaluate(ModelGolden golden, SingleStageDetector detector, ModelValues values)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        detector.Eval();
        var batch = golden.EvaluationBatch();
        Maps("eval", batch, detector, values);
        using var compiled = new CompiledExecutor(detector);
        AddDetections(values, "eval/dets/0", detector.Detect(batch, rescale: false)[0]);
        AddDetections(values, "eval/dets/0/compiled", detector.Detect(batch, rescale: false, compiled)[0]);
    }

    /// <summary>Adds detections as (D, 5) boxes with scores, and labels.</summary>
    internal static void AddDetections(ModelValues values, string prefix, Detections found)
    {
        values.Add($"{prefix}/bboxes", Tensor.Cat(1, found.Boxes, found.Scores.Unsqueeze(1)));
        values.Add($"{prefix}/labels", found.Labels);
    }

    private static void Train(ModelGolden golden, SingleStageDetector detector, ModelValues values)
    {
        using var scope = TensorScope.Begin();
        detector.Train();
        values.LearnsStatistics = detector.NamedModules().Any(entry => entry.Value is BatchNorm2d { Training: true });
        var batch = golden.TrainingBatch();
        var parameters = detector.NamedParameters().ToArray();
        using (GradMode.NoGrad())
        {
            var buffers = detector.StateDict().Where(entry => !entry.IsParameter).ToArray();
            var before = Array.ConvertAll(buffers, entry => entry.Tensor.Clone());
            TargetValues.Add(
                detector.Head.Criterion!, Maps("train", batch, detector, values), batch, values);

            // Batch norms learned from the maps above: the recorded run saw them once.
            for (var i = 0; i < buffers.Length; i++)
            {
                buffers[i].Tensor.CopyFromInPlace(before[i]);
            }
        }

        var losses = Losses(detector, batch, "train/loss", "train/total", values);
        losses.Backward();
        PerParameter(values, "train/grad", parameters.Select(entry => (entry.Name, entry.Tensor.Grad)));
        Step(golden, parameters.Where(entry => entry.Tensor.RequiresGrad));
        PerParameter(values, "train/state_after", detector.StateDict().Select(entry => (entry.Name, (Tensor?)entry.Tensor)));
        using var noGrad = GradMode.NoGrad();
        Losses(detector, batch, "train/loss_after", "train/total_after", values);
    }

    private static MapSet Maps(string mode, Batch batch, SingleStageDetector detector, ModelValues values)
    {
        values.Add($"{mode}/backbone", ((Backbone)detector.PretrainedPart).Call(batch.Images));
        var features = detector.ExtractFeatures(batch.Images);
        values.Add($"{mode}/neck", features);
        var maps = detector.Head.Forward(features);
        for (var output = 0; output < maps.Names.Count; output++)
        {
            AddOutput(values, $"{mode}/head", output, (maps.Names[output], maps[maps.Names[output]]));
        }

        return maps;
    }

    private static void AddOutput(ModelValues values, string prefix, int output, (string Name, Tensor[] Levels) maps)
    {
        if (!s_parts.TryGetValue(maps.Name, out var place))
        {
            values.Add($"{prefix}/{output}", maps.Levels);
            return;
        }

        for (var level = 0; level < maps.Levels.Length; level++)
        {
            values.Add($"{prefix}/{place.Output}/{level}/{place.Part}", maps.Levels[level]);
        }
    }

    private static Tensor Losses(
        SingleStageDetector detector, Batch batch, string prefix, string total, ModelValues values)
    {
        var terms = detector.ComputeLosses(batch);
        foreach (LossTerm term in terms)
        {
            values.Add($"{prefix}/{term.Name}", [.. term.Values.Select(value => value.Mean().Item())]);
        }

        var sum = terms.Total();
        values.Add(total, sum.Detach());
        return sum;
    }

    private static void Step(ModelGolden golden, IEnumerable<StateEntry> parameters)
    {
        var group = new ParameterGroup(parameters, golden.Number("lr"), golden.Number("weight_decay"));
        using var optimizer = new Sgd([group], new() { Momentum = golden.Number("momentum") });
        optimizer.Step();
    }

    // Norms and sums in double precision, NaN where there is no tensor.
    private static void PerParameter(
        ModelValues values, string prefix, IEnumerable<(string Name, Tensor? Tensor)> tensors)
    {
        var (names, norms, sums) = (new List<string>(), new List<double>(), new List<double>());
        foreach (var (name, tensor) in tensors)
        {
            using var scope = TensorScope.Begin();
            names.Add(name);
            var elements = tensor?.Detach().To(ScalarType.Float64);
            norms.Add(elements is null ? double.NaN : Math.Sqrt((elements * elements).Sum().Item()));
            sums.Add(elements?.Sum().Item() ?? double.NaN);
        }

        foreach (var (kind, vector) in new[] { ("norm", norms), ("sum", sums) })
        {
            var name = prefix.EndsWith("grad", StringComparison.Ordinal) ? $"{prefix}_{kind}" : $"{prefix}/{kind}";
            values.Add(name, [.. vector]);
            values.Names[name] = [.. names];
        }
    }
}

using System.Globalization;
using System.Text;

using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>What a YOLOv5 file says, as the text of a config.</summary>
internal static class YoloV5ConfigText
{
    /// <summary>The node <c>model</c>: the yaml lists that the file holds, and what its modules say besides.</summary>
    /// <exception cref="CheckpointException">The file says something that no config can say.</exception>
    internal static string Model(YoloV5File file)
    {
        var (yaml, text) = (file.Yaml, new StringBuilder());
        text.Append("model = dict(\n    type='YOLOv5',\n");
        foreach (var key in (string[])["nc", "ch", "depth_multiple", "width_multiple"])
        {
            if (yaml.TryGet(key, out var value))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {key}={Value(value)},\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"    anchors={Anchors(file)},\n");
        text.Append(CultureInfo.InvariantCulture, $"    act_cfg={Activation(file, file.First("act"))},\n");
        if (file.First("act", "BottleneckCSP") is { } csp)
        {
            text.Append(CultureInfo.InvariantCulture, $"    csp_act_cfg={Activation(file, csp)},\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"    backbone={Rows(yaml["backbone"])},\n");
        text.Append(CultureInfo.InvariantCulture, $"    head={Rows(yaml["head"])})\n");
        return text.ToString();
    }

    /// <summary>
    /// The nodes <c>test_cfg</c>, <c>test_pipeline</c> and <c>data</c>: thresholds and preprocessing of YOLOv5's val.py
    /// or of its detect.py.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="classes">(K) names of the classes.</param>
    /// <param name="options">Task and data.</param>
    internal static string Rest(YoloV5File file, IReadOnlyList<string> classes, ForeignModelOptions options)
    {
        var stride = Math.Max(Strides(file).Max(), 32);
        return TestConfig(options)
            + (options.Rectangular ? Batches(classes, options, stride) : Letterbox(classes, options, stride));
    }

    // val.py keeps all faint boxes of every class, detect.py those worth showing.
    private static string TestConfig(ForeignModelOptions options) => options.ForEvaluation
        ? $"""
        test_cfg = dict(
            score_thr={Number(options.ScoreThreshold ?? 0.001)},
            nms=dict(type='nms', iou_threshold=0.6), multi_label=True,
            nms_pre=30000, max_per_img=300)

        """
        : $"""
        test_cfg = dict(
            score_thr={Number(options.ScoreThreshold ?? 0.25)},
            nms=dict(type='nms', iou_threshold=0.45), multi_label=False,
            nms_pre=30000, max_per_img=1000)

        """;

    private static string Batches(IReadOnlyList<string> classes, ForeignModelOptions options, int stride) => $"""
        test_pipeline = [
            dict(type='LoadImageFromFile'),
            dict(type='YOLOv5KeepRatioResize', img_scale=640),
            dict(type='LetterResize', img_scale=640, stride={stride}, scaleup=False),
            dict(type='Normalize', mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True),
            dict(type='ImageToTensor', keys=['img']),
            dict(type='Collect', keys=['img']),
        ]
        data = dict(
            workers_per_gpu=2,
            test=dict(
                type='CocoDataset', {Data(classes, options)},
                samples_per_gpu=8,
                batch_shapes_cfg=dict(
                    type='BatchShapePolicy', batch_size=32, img_size=640, size_divisor={stride}, extra_pad_ratio=0.5),
                pipeline=test_pipeline))

        """;

    private static string Letterbox(IReadOnlyList<string> classes, ForeignModelOptions options, int stride) => $"""
        test_pipeline = [
            dict(type='LoadImageFromFile'),
            dict(type='LetterResize', img_scale=640, stride={stride}),
            dict(type='Normalize', mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True),
            dict(type='ImageToTensor', keys=['img']),
            dict(type='Collect', keys=['img']),
        ]
        data = dict(
            workers_per_gpu=2,
            test=dict(
                type='CocoDataset', {Data(classes, options)},
                pipeline=test_pipeline))

        """;

    private static string Data(IReadOnlyList<string> classes, ForeignModelOptions options) => $"""
        classes={ForeignText.List(classes)},
                ann_file={ForeignText.Quote(options.Annotations ?? "")},
                img_prefix={ForeignText.Quote(options.Images ?? "")}
        """;

    // autoanchor changes the buffer and leaves the yaml as it was: the buffer counts. It is in cells.
    private static string Anchors(YoloV5File file)
    {
        var strides = Strides(file);
        using var stored = YoloV5File.Buffer(file.Detect, "anchors")!.ToTensor();
        var cells = stored.ToArray();
        var perLevel = cells.Length / strides.Length;
        var levels = cells.Chunk(perLevel).Select((level, i) =>
            $"[{string.Join(", ", level.Select(side => Side(side * strides[i])))}]");
        return $"[{string.Join(", ", levels)}]";
    }

    // With the digits of a float, not those of the double beside it.
    private static string Side(float side) =>
        Number(double.Parse(side.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    private static int[] Strides(YoloV5File file)
    {
        using var stored = (file.Detect.Attribute("stride") as StoredTensor ?? throw new CheckpointException(
            $"{file.FileName}: its Detect must have strides, it has none. Save it after it was built.")).ToTensor();
        return Array.ConvertAll(stored.ToArray(), stride => (int)MathF.Round(stride));
    }

    private static string Activation(YoloV5File file, StoredObject? module) => module?.Name switch
    {
        "SiLU" or "Swish" => "dict(type='SiLU')",
        "Hardswish" => "dict(type='HSwish')",
        "Mish" => "dict(type='Mish')",
        "ReLU" => "dict(type='ReLU')",
        "ReLU6" => "dict(type='ReLU6')",
        "LeakyReLU" => $"dict(type='LeakyReLU', negative_slope={Value(module.Attribute("negative_slope") ?? 0.01)})",
        _ => throw new CheckpointException(
            $"{file.FileName}: the activation must be SiLU, Hardswish, LeakyReLU, ReLU, ReLU6 or Mish, found " +
            $"{module?.ToString() ?? "none"}. Other models are not read."),
    };

    private static string Rows(StoredValue rows)
    {
        var lines = rows.AsList().Select(row => $"\n        {Value(row)},");
        return $"[{string.Concat(lines)}\n    ]";
    }

    private static string Value(StoredValue value) => value switch
    {
        StoredList list => $"[{string.Join(", ", list.Select(Value))}]",
        StoredScalar { Value: string text } => ForeignText.Quote(text),
        StoredScalar { Value: double number } => Number(number),
        StoredScalar => value.ToString()!,
        _ => throw new CheckpointException(
            $"Checkpoint: the model's yaml must hold lists, numbers and texts, found {value}. The file was changed."),
    };

    private static string Number(double number) => number == Math.Floor(number) && Math.Abs(number) < 1e9
        ? number.ToString("F0", CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture);
}

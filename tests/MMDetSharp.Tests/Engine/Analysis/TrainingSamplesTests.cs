using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Analysis;
using MMDetSharp.Tests.Engine.Inference;

namespace MMDetSharp.Tests.Engine.Analysis;

public sealed class TrainingSamplesTests
{
    private const string Mixed = """
        data = dict(
            samples_per_gpu=2,
            workers_per_gpu=WORKERS,
            train=dict(
                type='MultiImageMixDataset',
                dataset=dict(
                    type='CocoDataset',
                    classes=('bright', 'red'),
                    ann_file='ROOT/blocks.json',
                    img_prefix='ROOT/',
                    pipeline=[dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]),
                pipeline=[
                    dict(type='Mosaic', img_scale=(64, 64)),
                    dict(type='YOLOv5RandomAffine', border=(-32, -32)),
                    dict(type='YOLOv5MixUp', prob=0.5, pre_transform=[
                        dict(type='Mosaic', img_scale=(64, 64)),
                        dict(type='YOLOv5RandomAffine', border=(-32, -32))]),
                    dict(type='YOLOv5HSVRandomAug'),
                    dict(type='RandomFlip', flip_ratio=0.5),
                    dict(type='Normalize', mean=[0, 0, 0], std=[255, 255, 255], to_rgb=True),
                    dict(type='DefaultFormatBundle'),
                    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels'])]))
        """;

    [Fact]
    public void Write_OfMosaics_WritesTheImagesOfTraining()
    {
        using var folder = new BlocksFolder();

        var files = TrainingSamples.Write(
            Text(folder, workers: 0), new TrainingSamplesOptions { Folder = folder.Under("out"), Count = 3 });

        Assert.Equal(3, files.Count);
        foreach (var file in files)
        {
            using var image = ImageFile.Read(file);
            Assert.Equal((64, 64), (image.Width, image.Height));
        }
    }

    [Fact]
    public void Epoch_OfMosaics_IsTheSameForEveryNumberOfWorkers()
    {
        using var folder = new BlocksFolder();

        var alone = Values(Text(folder, workers: 0), firstBatch: 0);

        Assert.Equal(alone, Values(Text(folder, workers: 3), firstBatch: 0));
        Assert.Equal(alone[2..], Values(Text(folder, workers: 2), firstBatch: 2));
    }

    private static List<float> Values(Config config, int firstBatch)
    {
        List<float> sums = [];
        foreach (var batch in new DataConfig(new ConfigReader(config.Root).Node("data")).TrainLoader("train", 4).Epoch(1, firstBatch))
        {
            using (batch)
            {
                sums.Add(batch.Batch.Images.ToArray().Sum() + batch.Batch.GroundTruths[0].Boxes.ToArray().Sum());
            }
        }

        return sums;
    }

    private static Config Text(BlocksFolder folder, int workers) => Config.Parse(
        Mixed.Replace("ROOT", folder.Root.Replace('\\', '/'), StringComparison.Ordinal)
            .Replace("WORKERS", $"{workers}", StringComparison.Ordinal),
        "mixed.py");
}

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Data.Loading;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class DataLoaderTests : IDisposable
{
    private readonly MemoryDataset _dataset = new(11);

    public void Dispose() => _dataset.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Epoch_AnyWorkers_GivesTheSameAsNone(int workers)
    {
        var expected = Read(Training(workers: 0), epoch: 3);

        var actual = Read(Training(workers), epoch: 3);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Epoch_LaterOne_NeedsNoneBefore()
    {
        var loader = Training(workers: 2);
        _ = Read(loader, epoch: 0);

        Assert.Equal(Read(loader, epoch: 1), Read(Training(workers: 1), epoch: 1));
        Assert.NotEqual(Read(loader, epoch: 1), Read(loader, epoch: 2));
    }

    [Fact]
    public void Epoch_FirstBatch_LeavesOutThoseBefore()
    {
        var loader = Training(workers: 2);
        var all = Read(loader, epoch: 1);

        Assert.Equal(all[2..], Read(loader, epoch: 1, firstBatch: 2));
    }

    [Fact]
    public void Epoch_Training_BatchesAreOfOneGroup()
    {
        var loader = Training(workers: 2);
        var count = 0;

        foreach (var loaded in loader.Epoch(0))
        {
            using (loaded)
            {
                Assert.Single(loaded.Indices.Select(i => _dataset.AspectGroups[i]).Distinct());
                Assert.Equal(4, loaded.Batch.Count);
                Assert.Equal(4, loaded.Batch.GroundTruths.Count);
                count++;
            }
        }

        Assert.Equal(loader.BatchCount, count);
    }

    [Fact]
    public void Epoch_Testing_GivesEachImageOnceInOrder()
    {
        var loader = DataLoader.ForTesting(_dataset, TestPipeline(), new() { BatchSize = 2, Workers = 3 });
        var indices = new List<int>();

        foreach (var loaded in loader.Epoch(0))
        {
            using (loaded)
            {
                indices.AddRange(loaded.Indices);
                Assert.Equal(2, loaded.Views.Count);
                Assert.Empty(loaded.Batch.GroundTruths);
                Assert.Equal(loaded.Indices.Select(i => _dataset.Item(i).ImagePath), loaded.Batch.Infos.Select(info => info.FileName));
            }
        }

        Assert.Equal(Enumerable.Range(0, _dataset.Count), indices);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Epoch_BrokenImage_NamesFileAndWhatToDo(int workers)
    {
        var path = _dataset.Item(5).ImagePath;
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^10]);
        var loader = DataLoader.ForTesting(_dataset, TestPipeline(), new() { Workers = workers });
        var seen = 0;

        var error = Assert.Throws<DataLoaderException>(() =>
        {
            foreach (var loaded in loader.Epoch(0))
            {
                loaded.Dispose();
                seen++;
            }
        });

        Assert.Equal(5, seen);
        Assert.StartsWith($"{path}: the PNG ends early", error.Message, StringComparison.Ordinal);
        Assert.Contains("Copy it again or remove it from the list.", error.Message, StringComparison.Ordinal);
        Assert.Contains("index 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epoch_LeftEarlyOrBroken_LeavesNoThreadTensorOrImage()
    {
        var loader = Training(workers: 3);
        using (loader.Epoch(0).First())
        {
        }

        var (tensors, images) = (Tensor.LiveCount, Image.LiveCount);
        for (var i = 0; i < 20; i++)
        {
            loader.Epoch(i).First().Dispose();
            using var enumerator = loader.Epoch(i).GetEnumerator();
        }

        File.Delete(_dataset.Item(4).ImagePath);
        Assert.Throws<DataLoaderException>(() => Read(loader, epoch: 0));

        CountsTensors.AssertAtMost((tensors, images));
        Assert.True(SpinWait.SpinUntil(() => LoaderThreads() == 0, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Epoch_Whole_LeavesNothing()
    {
        _ = Read(Training(workers: 2), epoch: 0);
        var (tensors, images) = (Tensor.LiveCount, Image.LiveCount);

        for (var epoch = 0; epoch < 5; epoch++)
        {
            _ = Read(Training(workers: 2), epoch);
        }

        CountsTensors.AssertAtMost((tensors, images));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Epoch_Cancelled_Stops(int workers)
    {
        using var source = new CancellationTokenSource();
        var loader = Training(workers);

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var loaded in loader.Epoch(0, cancellation: source.Token))
            {
                loaded.Dispose();
                source.Cancel();
            }
        });
    }

    [Fact]
    public void Epoch_UselessSample_DrawsAnotherOfTheGroup()
    {
        var pipeline = new Pipeline([new RefuseSome(_dataset.Item(1).Id, _dataset.Item(2).Id), TrainPipeline()]);
        var loader = DataLoader.ForTraining(_dataset, pipeline, new() { BatchSize = 4, Workers = 2, Seed = 5 });

        var indices = Read(loader, epoch: 0).SelectMany(batch => batch.Indices).ToList();

        Assert.DoesNotContain(1, indices);
        Assert.DoesNotContain(2, indices);
        Assert.Equal(Read(loader, epoch: 0), Read(loader, epoch: 0));
        Assert.All(indices.Chunk(4), batch => Assert.Single(batch.Select(i => _dataset.AspectGroups[i]).Distinct()));
    }

    [Fact]
    public void Epoch_NothingUseful_Ends()
    {
        var pipeline = new Pipeline([new RefuseSome([.. Enumerable.Range(0, 11).Select(i => $"{i}")])]);
        var loader = DataLoader.ForTraining(_dataset, pipeline, new() { BatchSize = 1, Workers = 1 });

        var error = Assert.Throws<DataLoaderException>(() => Read(loader, epoch: 0));

        Assert.Contains("must keep a box", error.Message, StringComparison.Ordinal);
    }

    // The system may list a thread for a moment after it has been joined.
    private static int LoaderThreads() => Directory.GetDirectories("/proc/self/task")
        .Count(task => Name(task).StartsWith("loader ", StringComparison.Ordinal));

    private static string Name(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static List<Content> Read(DataLoader loader, int epoch, int firstBatch = 0)
    {
        var contents = new List<Content>();
        foreach (var loaded in loader.Epoch(epoch, firstBatch))
        {
            using (loaded)
            {
                var truths = loaded.Batch.GroundTruths.SelectMany(truth => truth.Boxes.ToArray());
                contents.Add(new([.. loaded.Indices], [.. loaded.Batch.Images.ToArray(), .. truths]));
            }
        }

        return contents;
    }

    private static Pipeline TrainPipeline() => new(
    [
        new LoadImageFromFile(),
        new LoadAnnotations(),
        new Resize(new ResizeOptions { Scales = [new(60, 40), new(90, 70)] }),
        new RandomFlip(0.5, FlipDirection.Horizontal),
        new Normalize(new() { Mean = [1, 2, 3], Std = [2, 2, 2] }),
        Pad.ToMultiple(32),
        new DefaultFormatBundle(),
        new Collect(["img", "gt_bboxes", "gt_labels"]),
    ]);

    private static Pipeline TestPipeline() => new(
    [
        new LoadImageFromFile(),
        MultiScaleFlipAug.AtScales(
            new Pipeline([new Resize(new ResizeOptions()), new RandomFlip(), new ImageToTensor("img"), new Collect(["img"])]),
            [new(60, 40)],
            FlipDirection.Horizontal),
    ]);

    private DataLoader Training(int workers) =>
        DataLoader.ForTraining(_dataset, TrainPipeline(), new() { BatchSize = 4, Workers = workers, Seed = 42 });

    private sealed record Content(int[] Indices, float[] Values)
    {
        public bool Equals(Content? other) =>
            other is not null && Indices.SequenceEqual(other.Indices) && Values.SequenceEqual(other.Values);

        public override int GetHashCode() => Values.Length;
    }

    private sealed class RefuseSome(params string[] ids) : ITransform
    {
        public bool Apply(Sample sample, IRandomSource random) => !ids.Contains(sample.Item.Id);
    }
}

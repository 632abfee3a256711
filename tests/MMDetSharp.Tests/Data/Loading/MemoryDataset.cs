using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Tests.Data.Imaging;

namespace MMDetSharp.Tests.Data.Loading;

/// <summary>Images of alternating shape in a folder, each of one colour that tells its index, with one box.</summary>
internal sealed class MemoryDataset : IDetectionDataset, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatasetItem[] _items;

    internal MemoryDataset(int count)
    {
        _items = [.. Enumerable.Range(0, count).Select(Make)];
    }

    internal MemoryDataset(params DatasetItem[] items) => _items = items;

    public int Count => _items.Length;

    public IReadOnlyList<string> Classes { get; } = ["thing"];

    public IReadOnlyList<byte> AspectGroups => [.. _items.Select(item => (byte)(item.Width > item.Height ? 1 : 0))];

    public DatasetReport Report => DatasetReport.Empty;

    public DatasetItem Item(int index) => _items[index];

    public IReadOnlyList<long> CategoryIds(int index) => [1];

    public void Dispose() => _folder.Dispose();

    private DatasetItem Make(int index)
    {
        var (width, height) = index % 3 == 0 ? (24, 40) : (40, 24);
        var path = _folder.File($"{index}.png");
        using var image = Image.Create(new(height, width), PixelType.UInt8, index, index, index);
        ImageFile.Write(image, path);
        return new DatasetItem
        {
            Id = $"{index}",
            FileName = $"{index}.png",
            ImagePath = path,
            Width = width,
            Height = height,
            Boxes = [1, 2, index % 20, 10],
            Labels = [0],
            IgnoredBoxes = [0, 0, 5, 5],
        };
    }
}

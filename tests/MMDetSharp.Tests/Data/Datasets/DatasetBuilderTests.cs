using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Datasets;

public class DatasetBuilderTests
{
    private const string Pipeline = "pipeline=[dict(type='LoadImageFromFile')]";

    [Fact]
    public void Build_CocoDataset_JoinsPathsAndReadsOptions()
    {
        using var folder = new TemporaryFolder();
        WriteCoco(folder);

        var dataset = Build(
            $"type='CocoDataset', data_root='{folder.Path}', ann_file='a.json', img_prefix='images/', "
            + $"classes=('cell',), {Pipeline}");

        Assert.Equal(["cell"], dataset.Classes);
        Assert.Equal(Path.Combine(folder.Path, "images/", "a.jpg"), dataset.Item(0).ImagePath);
    }

    [Fact]
    public void Build_ClassesInAFile_AreRead()
    {
        using var folder = new TemporaryFolder();
        WriteCoco(folder);
        var names = folder.Write("names.txt", "cell\n");

        var dataset = Build(
            $"type='CocoDataset', data_root='{folder.Path}', ann_file='a.json', classes='{names}', {Pipeline}");

        Assert.Equal(["cell"], dataset.Classes);
    }

    [Fact]
    public void Build_RepeatedVocLists_BecomeOneDataSet()
    {
        using var folder = new TemporaryFolder();
        foreach (var year in (string[])["VOC2007", "VOC2012"])
        {
            folder.Write($"{year}/list.txt", "a");
            folder.Write(
                $"{year}/Annotations/a.xml",
                "<annotation><size><width>50</width><height>100</height></size>"
                + $"{XmlDatasetTests.Box("dog", 1, 1, 9, 9)}</annotation>");
        }

        var node = Reader(
            "type='RepeatDataset', times=3, dataset=dict(type='VOCDataset', "
            + $"ann_file=['{folder.Path}/VOC2007/list.txt', '{folder.Path}/VOC2012/list.txt'], "
            + $"img_prefix=['{folder.Path}/VOC2007/', '{folder.Path}/VOC2012/'], {Pipeline})");
        var dataset = DatasetBuilder.Build(node);

        var parts = Assert.IsType<ConcatDataset>(Assert.IsType<RepeatDataset>(dataset).Dataset).Datasets;
        Assert.Equal([XmlLayout.Voc2007, XmlLayout.Voc], parts.Select(part => ((XmlDataset)part).Layout));
        Assert.Equal(6, dataset.Count);
        Assert.Equal("LoadImageFromFile", Assert.Single(DatasetBuilder.Pipeline(node)).TypeName);
    }

    [Fact]
    public void Build_ListOfNodes_IsConcatenated()
    {
        using var folder = new TemporaryFolder();
        WriteCoco(folder);
        var node = Reader($"type='CocoDataset', ann_file='{folder.Path}/a.json', classes=['cell'], {Pipeline}");

        Assert.Equal(2, DatasetBuilder.Build([node, node]).Count);
    }

    [Theory]
    [InlineData("type='CocoDatset'", "Did you mean CocoDataset?")]
    [InlineData("type='CocoDataset', ann_fil='a.json'", "ann_file")]
    [InlineData("type='CocoDataset', ann_file='a', proposal_file='p.pkl'", "proposal_file is not supported")]
    [InlineData("type='XMLDataset', ann_file='a'", "classes must list the class names")]
    [InlineData("type='VOCDataset', ann_file='a', img_prefix='b'", "must contain VOC2007 or VOC2012")]
    [InlineData("type='VOCDataset', ann_file=['a', 'b'], img_prefix=['c', 'd', 'e']", "each of 2 ann_file, got 3")]
    public void Build_BrokenConfig_SaysWhere(string options, string part)
    {
        var message = Assert.Throws<ConfigException>(() => Build(options)).Message;

        Assert.Contains("config.py:1", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OptionThatTheDataSetRefuses_SaysWhere()
    {
        using var folder = new TemporaryFolder();
        WriteCoco(folder);
        var inner = $"dict(type='CocoDataset', ann_file='{folder.Path}/a.json', classes=['cell'])";

        var error = Assert.Throws<ConfigException>(() => Build($"type='RepeatDataset', times=0, dataset={inner}"));

        Assert.Contains("config.py:1: train: RepeatDataset: times must be at least 1, got 0", error.Message, StringComparison.Ordinal);
    }

    private static void WriteCoco(TemporaryFolder folder) => folder.Write(
        "a.json",
        CocoAnnotationsTests.AFile(
            """{"id": 12, "file_name": "a.jpg", "width": 64, "height": 48}""",
            """{"id": 285, "image_id": 12, "category_id": 3, "bbox": [1, 2, 3, 4], "area": 12}"""));

    private static ConfigReader Reader(string options) =>
        new ConfigReader(Config.Parse($"train = dict({options})").Root).Node("train");

    private static IDetectionDataset Build(string options) => DatasetBuilder.Build(Reader(options));
}

using System.Text.Json;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Tests.Support;

namespace MMDetSharp.Tests.Data.Datasets;

/// <summary>
/// What the reference's CocoDataset and VOCDataset made of recorded annotations: every value exactly.
/// </summary>
[Trait("Category", "Golden")]
public class DatasetsGoldenTests
{
    private const string Recorded = "components/datasets.json";

    [GoldenTheory(Recorded)]
    [InlineData("coco_train")]
    [InlineData("coco_test")]
    [InlineData("coco_keep_empty")]
    [InlineData("coco_two_classes")]
    public void CocoDataset_RecordedCase_GivesSameItems(string name)
    {
        var expected = Case(name);
        var options = expected.GetProperty("kwargs");
        var file = Path.Combine(RepositoryFolder.Goldens, "components", "coco_gt.json");

        var dataset = new CocoDataset(new CocoDatasetOptions
        {
            AnnotationFile = file,
            Classes = [.. options.GetProperty("classes").EnumerateArray().Select(c => c.GetString()!)],
            TestMode = Flag(options, "test_mode", false),
            FilterEmpty = Flag(options, "filter_empty_gt", true),
        });

        Assert.Equal(
            expected.GetProperty("cat_ids").EnumerateArray().Select(id => id.GetInt64()), dataset.ClassCategoryIds);
        AssertItems(expected.GetProperty("anns"), dataset);
    }

    [GoldenTheory(Recorded)]
    [InlineData("voc_train")]
    [InlineData("voc_test")]
    [InlineData("voc_minsize")]
    public void XmlDataset_RecordedCase_GivesSameItems(string name)
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Goldens, Recorded)));
        foreach (var file in document.RootElement.GetProperty("voc_xml").EnumerateObject())
        {
            folder.Write($"Annotations/{file.Name}.xml", file.Value.GetString()!);
        }

        var names = document.RootElement.GetProperty("voc_xml").EnumerateObject().Select(file => file.Name);
        var list = folder.Write("list.txt", string.Join('\n', names));
        var expected = Case(name);
        var options = expected.GetProperty("kwargs");

        var dataset = new XmlDataset(new XmlDatasetOptions
        {
            AnnotationFile = list,
            ImageFolder = folder.Path,
            Classes =
                [.. document.RootElement.GetProperty("voc_classes").EnumerateArray().Select(c => c.GetString()!)],
            TestMode = Flag(options, "test_mode", false),
            MinBoxSize = options.TryGetProperty("min_size", out var size) ? size.GetDouble() : 0,
        });

        AssertItems(expected.GetProperty("anns"), dataset);
    }

    private static JsonElement Case(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Goldens, Recorded)));
        return document.RootElement.GetProperty(name).Clone();
    }

    private static bool Flag(JsonElement options, string name, bool missing) =>
        options.TryGetProperty(name, out var value) ? value.GetBoolean() : missing;

    private static void AssertItems(JsonElement expected, IDetectionDataset dataset)
    {
        Assert.Equal(expected.GetArrayLength(), dataset.Count);
        for (var i = 0; i < dataset.Count; i++)
        {
            var item = dataset.Item(i);
            Assert.Equal(expected[i].GetProperty("id").GetString(), item.Id);
            Assert.Equal(Boxes(expected[i], "bboxes"), item.Boxes);
            Assert.Equal(Labels(expected[i], "labels"), item.Labels);
            Assert.Equal(Boxes(expected[i], "bboxes_ignore"), item.IgnoredBoxes);
            if (expected[i].TryGetProperty("labels_ignore", out _))
            {
                Assert.Equal(Labels(expected[i], "labels_ignore"), item.IgnoredLabels);
            }

            if (expected[i].GetProperty("flag").ValueKind == JsonValueKind.Number)
            {
                Assert.Equal(expected[i].GetProperty("flag").GetInt32(), dataset.AspectGroups[i]);
            }
        }
    }

    private static float[] Boxes(JsonElement item, string name) =>
        [.. item.GetProperty(name).EnumerateArray().SelectMany(b => b.EnumerateArray()).Select(c => c.GetSingle())];

    private static long[] Labels(JsonElement item, string name) =>
        [.. item.GetProperty(name).EnumerateArray().Select(label => (long)label.GetDouble())];
}

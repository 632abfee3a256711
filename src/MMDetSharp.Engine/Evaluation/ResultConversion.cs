using System.Globalization;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>Between a model's detections and COCO's result format.</summary>
public static class ResultConversion
{
    /// <summary>Detections in COCO's result format, for every kind of data set.</summary>
    /// <remarks>
    /// A data set in COCO's format gives image and category ids; any other the index of the image, or its name
    /// where that is a number, and the label.
    /// </remarks>
    /// <param name="dataset">The data set.</param>
    /// <param name="results">The detections of each image, in the order of the data set.</param>
    /// <returns>By image, then by label, then in the order found, as the reference writes them.</returns>
    /// <exception cref="ArgumentException">The numbers of images differ, or a label is unknown.</exception>
    public static CocoResults ToCoco(IDetectionDataset dataset, IReadOnlyList<ImageDetections> results)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count != dataset.Count)
        {
            throw new ArgumentException(
                $"Results: must have one for each of the data set's {dataset.Count} images, got {results.Count}.");
        }

        var coco = dataset as CocoDataset;
        var rows = new CocoResults();
        for (var i = 0; i < results.Count; i++)
        {
            DetectionCheck.Require(results[i], i, dataset.Classes.Count);
            var imageId = coco?.ImageId(i) ?? NumberOf(dataset.Item(i).Id, i);
            foreach (var d in Enumerable.Range(0, results[i].Count).OrderBy(d => results[i].Labels[d]))   // stable
            {
                var label = (int)results[i].Labels[d];
                rows.Add(Row(imageId, coco?.ClassCategoryIds[label] ?? label, results[i], d));
            }
        }

        return rows;
    }

    /// <summary>The detections of each image with boxes as corners; labels are left at 0.</summary>
    internal static IReadOnlyList<ImageDetections> ToProposals(CocoDataset dataset, CocoResults results)
    {
        var byImage = new Dictionary<long, (List<float> Boxes, List<float> Scores)>();
        foreach (ref readonly var row in results.Rows)
        {
            if (!byImage.TryGetValue(row.ImageId, out var image))
            {
                byImage[row.ImageId] = image = ([], []);
            }

            image.Boxes.AddRange(
                [(float)row.X, (float)row.Y, (float)(row.X + row.Width), (float)(row.Y + row.Height)]);
            image.Scores.Add((float)row.Score);
        }

        return
        [
            .. Enumerable.Range(0, dataset.Count).Select(i => byImage.TryGetValue(dataset.ImageId(i), out var image)
                ? new ImageDetections([.. image.Boxes], [.. image.Scores], new long[image.Scores.Count])
                : ImageDetections.None),
        ];
    }

    private static long NumberOf(string id, int index) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : index;

    private static CocoResult Row(long imageId, long categoryId, ImageDetections found, int d)
    {
        var box = found.Boxes.AsSpan(d * 4, 4);
        return new CocoResult(imageId, categoryId, found.Scores[d])
        {
            X = box[0],
            Y = box[1],
            Width = (double)box[2] - box[0],
            Height = (double)box[3] - box[1],
        };
    }
}

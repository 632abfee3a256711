using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Engine.Evaluation;

/// <summary>
/// Objects and detections as flat columns, grouped by class and then by image; the detections of a group in
/// descending order of score. One group is what the protocol matches at a time.
/// </summary>
/// <remarks>Ties keep the order of image ids, then of the file: as pycocotools' stable sorts.</remarks>
internal sealed class CocoTable
{
    private readonly CocoEvaluationOptions _options;
    private readonly Dictionary<long, int> _imageSlot = [];
    private readonly Dictionary<long, int> _categorySlot = [];

    private CocoTable(CocoAnnotations annotations, CocoEvaluationOptions options)
    {
        _options = options;
        var imageIds = (options.ImageIds ?? [.. annotations.Images.Select(image => image.Id)]).Distinct().Order();
        foreach (var id in imageIds)
        {
            _imageSlot.Add(id, _imageSlot.Count);
        }

        // pycocotools sorts the categories only where it tells them apart.
        var categoryIds = (options.CategoryIds ?? [.. annotations.Categories.Select(c => c.Id)]).Distinct();
        foreach (var id in options.UseCategories ? categoryIds.Order() : categoryIds)
        {
            _categorySlot.Add(id, _categorySlot.Count);
        }

        CategoryIds = [.. _categorySlot.Keys];
        Classes = options.UseCategories ? _categorySlot.Count : 1;
    }

    internal int Classes { get; }

    /// <summary>In the order of the K axis.</summary>
    internal long[] CategoryIds { get; }

    /// <summary>Detections of other categories or images than those evaluated.</summary>
    internal int Unused { get; private set; }

    // Objects, (G) each.
    internal BoxColumns Objects { get; private set; } = new(0);

    internal double[] ObjectArea { get; private set; } = [];

    internal bool[] IsCrowd { get; private set; } = [];

    internal bool[] HasIdZero { get; private set; } = [];

    /// <summary>(K + 1): where the objects of each class begin.</summary>
    internal int[] ClassObjects { get; private set; } = [];

    // Detections, (D) each.
    internal BoxColumns Detections { get; private set; } = new(0);

    /// <summary>Place of a detection among those of its group, by score.</summary>
    internal int[] Rank { get; private set; } = [];

    /// <summary>The detections of each class in descending order of score, as indices into the columns.</summary>
    internal int[] ByScore { get; private set; } = [];

    /// <summary>
    /// (K + 1): where the detections of each class begin, in the columns and in <see cref="ByScore"/>.
    /// </summary>
    internal int[] ClassDetections { get; private set; } = [];

    /// <summary>One for each class and image that has a detection.</summary>
    internal Group[] Groups { get; private set; } = [];

    internal static CocoTable Build(CocoAnnotations annotations, CocoResults results, CocoEvaluationOptions options)
    {
        var table = new CocoTable(annotations, options);
        var objectGroups = table.AddObjects(annotations);
        table.AddDetections(annotations, results, objectGroups);
        return table;
    }

    private Dictionary<(int Class, int Image), (int Start, int End)> AddObjects(CocoAnnotations annotations)
    {
        var rows = new List<CocoAnnotation>();
        var keys = new GroupingKeys();
        for (var i = 0; i < annotations.Images.Count; i++)
        {
            if (!_imageSlot.TryGetValue(annotations.Images[i].Id, out var image))
            {
                continue;
            }

            foreach (ref readonly var annotation in annotations.Of(i))
            {
                if (_categorySlot.TryGetValue(annotation.CategoryId, out var category))
                {
                    rows.Add(annotation);
                    keys.Add(image, category);
                }
            }
        }

        var order = keys.Sort(_imageSlot.Count, _categorySlot.Count, _options.UseCategories);
        Objects = new BoxColumns(order.Length);
        ObjectArea = new double[order.Length];
        IsCrowd = new bool[order.Length];
        HasIdZero = new bool[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var row = rows[order[i]];
            Objects.Set(i, row.X, row.Y, row.Width, row.Height);
            ObjectArea[i] = row.Area;
            IsCrowd[i] = row.IsCrowd;
            HasIdZero[i] = row.Id == 0;
        }

        ClassObjects = ClassStarts(order, keys);
        return GroupsOf(order, keys)
            .ToDictionary(group => (group.Class, group.Image), group => (group.Start, group.End));
    }

    private void AddDetections(
        CocoAnnotations annotations,
        CocoResults results,
        Dictionary<(int Class, int Image), (int Start, int End)> objectGroups)
    {
        var keys = new GroupingKeys();
        var rowOf = new List<int>(results.Count);
        var rows = results.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            if (_imageSlot.TryGetValue(rows[i].ImageId, out var image)
                && _categorySlot.TryGetValue(rows[i].CategoryId, out var category))
            {
                rowOf.Add(i);
                keys.Add(image, category);
            }
            else if (!annotations.TryFindImage(rows[i].ImageId, out _))
            {
                throw new DatasetException(
                    $"Results: detection {i}: the image must be in {annotations.Path}, found image_id "
                    + $"{rows[i].ImageId}, which is not. Evaluate results of this data set.");
            }
        }

        Unused = results.Count - rowOf.Count;
        var order = keys.Sort(_imageSlot.Count, _categorySlot.Count, _options.UseCategories);
        ClassDetections = ClassStarts(order, keys);
        Groups = [.. GroupsOf(order, keys).Select(group => new Group(group.Start, group.End)
        {
            Objects = objectGroups.GetValueOrDefault((group.Class, group.Image)),
        })];
        SortByScore(results, [.. order.Select(i => rowOf[i])]);
    }

    /// <summary>Sorts each class once; the order within each group follows from it.</summary>
    private void SortByScore(CocoResults results, int[] rowOf)
    {
        var count = rowOf.Length;
        Detections = new BoxColumns(count);
        Rank = new int[count];
        ByScore = new int[count];
        var groupOf = new int[count];
        var next = new int[Groups.Length];
        for (var g = 0; g < Groups.Length; g++)
        {
            groupOf.AsSpan(Groups[g].Start, Groups[g].End - Groups[g].Start).Fill(g);
            next[g] = Groups[g].Start;
        }

        Parallel.For(0, Classes, Parallelism.Of(_options.Threads), k =>
        {
            var rows = results.Rows;
            var start = ClassDetections[k];
            var sorted = StableOrder(rows, rowOf.AsSpan(start, ClassDetections[k + 1] - start));
            for (var i = 0; i < sorted.Length; i++)
            {
                var position = start + sorted[i];
                var slot = next[groupOf[position]]++;
                ref readonly var row = ref rows[rowOf[position]];
                Detections.Set(slot, row.X, row.Y, row.Width, row.Height);
                Rank[slot] = slot - Groups[groupOf[position]].Start;
                ByScore[start + i] = slot;
            }
        });
    }

    /// <summary>Indices in descending order of score; equal scores keep their order.</summary>
    private static int[] StableOrder(ReadOnlySpan<CocoResult> rows, ReadOnlySpan<int> rowOf)
    {
        var keys = new ulong[rowOf.Length];
        var indices = new int[rowOf.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var bits = BitConverter.DoubleToUInt64Bits(rows[rowOf[i]].Score + 0.0);   // -0 becomes 0
            keys[i] = (long)bits < 0 ? bits : ~(bits | (1UL << 63));                  // ascending = score descending
            indices[i] = i;
        }

        Array.Sort(keys, indices);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                Array.Sort(indices, start, end - start);
            }

            start = end;
        }

        return indices;
    }

    private int[] ClassStarts(int[] order, GroupingKeys keys)
    {
        var starts = new int[Classes + 1];
        foreach (var i in order)
        {
            starts[(_options.UseCategories ? keys.Category(i) : 0) + 1]++;
        }

        for (var k = 0; k < Classes; k++)
        {
            starts[k + 1] += starts[k];
        }

        return starts;
    }

    private IEnumerable<(int Class, int Image, int Start, int End)> GroupsOf(int[] order, GroupingKeys keys)
    {
        for (var start = 0; start < order.Length;)
        {
            var (k, image) = ClassAndImage(order[start]);
            var end = start + 1;
            while (end < order.Length && ClassAndImage(order[end]) == (k, image))
            {
                end++;
            }

            yield return (k, image, start, end);
            start = end;
        }

        (int Class, int Image) ClassAndImage(int i) =>
            (_options.UseCategories ? keys.Category(i) : 0, keys.Image(i));
    }

    /// <summary>The detections of one class on one image, and the objects they may match.</summary>
    internal readonly record struct Group(int Start, int End)
    {
        internal (int Start, int End) Objects { get; init; }
    }
}

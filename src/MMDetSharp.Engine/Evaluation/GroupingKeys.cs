namespace MMDetSharp.Engine.Evaluation;

/// <summary>Image and category of each row, and the order that groups the rows by them.</summary>
internal sealed class GroupingKeys
{
    private readonly List<int> _images = [];
    private readonly List<int> _categories = [];

    internal void Add(int image, int category)
    {
        _images.Add(image);
        _categories.Add(category);
    }

    internal int Image(int row) => _images[row];

    internal int Category(int row) => _categories[row];

    /// <summary>By class then image; without classes by image, and by category within it.</summary>
    internal int[] Sort(int images, int categories, bool useCategories)
    {
        var order = Enumerable.Range(0, _images.Count).ToArray();
        return useCategories
            ? CountingSort(CountingSort(order, _images, images), _categories, categories)
            : CountingSort(CountingSort(order, _categories, categories), _images, images);
    }

    private static int[] CountingSort(int[] order, List<int> key, int buckets)
    {
        var next = new int[buckets + 1];
        foreach (var i in order)
        {
            next[key[i] + 1]++;
        }

        for (var b = 0; b < buckets; b++)
        {
            next[b + 1] += next[b];
        }

        var sorted = new int[order.Length];
        foreach (var i in order)
        {
            sorted[next[key[i]]++] = i;
        }

        return sorted;
    }
}

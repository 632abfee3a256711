using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Benchmarks.CocoEval;

/// <summary>A data set of the size of COCO val2017 and 100 detections for each image, from a fixed seed.</summary>
/// <remarks>
/// 5,000 images, 36,781 boxes of 80 classes whose frequencies fall like COCO's, 1 % crowds. Every object is found by up
/// to three detections that lie near it, mostly of its own class; the rest of the 100 lies anywhere, with low scores.
/// </remarks>
internal static class SyntheticData
{
    private const int Images = 5000;
    private const int Boxes = 36781;
    private const int DetectionsPerImage = 100;
    private const int Classes = 80;
    private const int Width = 640;
    private const int Height = 480;

    internal static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(20240501);
        var objects = MakeObjects(random);
        var images = Enumerable.Range(1, Images).Select(i => new CocoImage(i, $"{i:D12}.jpg", Width, Height)).ToList();
        var categories = Enumerable.Range(1, Classes).Select(c => new CocoCategory(c, $"class{c}")).ToList();
        new CocoAnnotations("annotations.json", images, categories, objects)
            .Save(Path.Combine(folder, "annotations.json"));
        MakeResults(random, objects).Save(Path.Combine(folder, "results.json"));
    }

    private static List<CocoAnnotation> MakeObjects(Random random)
    {
        var objects = new List<CocoAnnotation>(Boxes);
        for (var i = 0; i < Boxes; i++)
        {
            var size = 8 * Math.Exp(random.NextDouble() * 3.7);      // sides from 8 to 320 pixels
            var width = Round(size * (0.6 + (0.8 * random.NextDouble())));
            var height = Round(size * (0.6 + (0.8 * random.NextDouble())));
            objects.Add(new CocoAnnotation(i + 1, ImageOf(random), ClassOf(random))
            {
                X = Round(random.NextDouble() * (Width - width)),
                Y = Round(random.NextDouble() * (Height - height)),
                Width = width,
                Height = height,
                Area = Round(width * height * (0.4 + (0.6 * random.NextDouble()))),
                IsCrowd = random.Next(100) == 0,
            });
        }

        return objects;
    }

    private static CocoResults MakeResults(Random random, List<CocoAnnotation> objects)
    {
        var results = new CocoResults();
        var byImage = objects.ToLookup(box => box.ImageId);
        for (var image = 1; image <= Images; image++)
        {
            var count = 0;
            foreach (var box in byImage[image])
            {
                for (var i = random.Next(4); i > 0 && count < DetectionsPerImage; i--, count++)
                {
                    results.Add(Near(random, box));
                }
            }

            for (; count < DetectionsPerImage; count++)
            {
                results.Add(Anywhere(random, image));
            }
        }

        return results;
    }

    private static CocoResult Near(Random random, CocoAnnotation box)
    {
        var spread = 0.25 * random.NextDouble() * random.NextDouble();
        double Jitter(double side) => side * spread * ((2 * random.NextDouble()) - 1);
        return new CocoResult(
            box.ImageId,
            random.Next(10) == 0 ? ClassOf(random) : box.CategoryId,
            Score(Math.Sqrt(random.NextDouble()) * (1 - spread)))
        {
            X = Round(box.X + Jitter(box.Width)),
            Y = Round(box.Y + Jitter(box.Height)),
            Width = Round(box.Width + Jitter(box.Width)),
            Height = Round(box.Height + Jitter(box.Height)),
        };
    }

    private static CocoResult Anywhere(Random random, int image)
    {
        var width = Round(4 + (300 * random.NextDouble() * random.NextDouble()));
        var height = Round(4 + (300 * random.NextDouble() * random.NextDouble()));
        return new CocoResult(image, ClassOf(random), Score(Math.Pow(random.NextDouble(), 4)))
        {
            X = Round(random.NextDouble() * (Width - width)),
            Y = Round(random.NextDouble() * (Height - height)),
            Width = width,
            Height = height,
        };
    }

    /// <summary>Images with one object are frequent, with thirty rare.</summary>
    private static int ImageOf(Random random) => 1 + (int)(Images * Math.Pow(random.NextDouble(), 1.6));

    /// <summary>A third of COCO's objects are of one class, a third of the classes have nearly none.</summary>
    private static int ClassOf(Random random) => 1 + (int)(Classes * Math.Pow(random.NextDouble(), 2.5));

    private static double Round(double value) => Math.Round(value, 2);

    private static double Score(double value) => Math.Round(value, 6);
}
